/** Opens the accesses of a collection: the caller's own, the roles named, or a role in each account of the organization. */
import type { CollectionRequest } from "../observation/fleet-collection.ts";
import { assumeRole } from "./assumed-role.ts";
import type { Access } from "./aws-world.ts";
import { readPart, type CollectionRun } from "./collection-run.ts";
import { partsOfArn } from "./discover-machines.ts";
import { configuredRegion } from "./region-clients.ts";

export interface AccessRegions {
  readonly access: Access;
  readonly regions: readonly string[];
}

/** Where global services are asked when nobody names a region. */
const FALLBACK_REGION = "us-east-1";

export function ownAccess({ profile }: Pick<CollectionRequest, "profile">): Access {
  return { id: "self", account: null, profile, credentials: null };
}

/** Each access with the regions to look at; what cannot be opened is among the run's failures. Null regions: none is known. */
export async function openAccesses(run: CollectionRun): Promise<readonly AccessRegions[] | null> {
  const own = ownAccess(run.request);
  const wanted = run.request.regions ?? regionsOfArns(run.request.select.arns);
  const configured = wanted === null || wanted === "all" ? await configuredRegion(run.world, own) : null;
  if (wanted === null && configured === null) return null;
  const home =
    configured ?? (Array.isArray(wanted) ? (wanted as readonly string[])[0] : null) ?? FALLBACK_REGION;
  const accesses = await accessesOf(run, own, home);
  return Promise.all(
    accesses.map(async (access) => ({
      access,
      regions: wanted === "all" ? await enabledRegions(run, access, home) : (wanted ?? [home]),
    })),
  );
}

async function accessesOf(run: CollectionRun, own: Access, home: string): Promise<readonly Access[]> {
  const { roles, organizationRole } = run.request;
  const take = (role: string): Access => assumeRole(run.world, own, { role, region: home });
  if (organizationRole === null) return roles.length === 0 ? [own] : roles.map(take);
  const accounts = await readPart(run, {
    key: "organization",
    action: "organizations:ListAccounts",
    access: own.id,
    region: home,
    what: "the accounts of the organization",
    read: async (tally) => {
      const { listOrganizationAccounts } = await import("./organization-accounts.ts");
      return listOrganizationAccounts(run.world, { access: own, region: home }, tally);
    },
  });
  const inOrganization = (accounts ?? []).map(({ account, arn }) =>
    take(`arn:${arn.split(":")[1] || "aws"}:iam::${account}:role/${organizationRole}`),
  );
  return [...roles.map(take), ...inOrganization];
}

async function enabledRegions(run: CollectionRun, access: Access, home: string): Promise<readonly string[]> {
  const regions = await readPart(run, {
    key: `regions ${access.id}`,
    action: "account:ListRegions",
    access: access.id,
    region: home,
    what: `${nameOfAccess(access)}the enabled regions`,
    read: async (tally) => {
      const { listEnabledRegions } = await import("./enabled-regions.ts");
      return listEnabledRegions(run.world, { access, region: home }, tally);
    },
  });
  return regions ?? [];
}

/** For messages: nothing for the caller's own access, else `123456789012 `. */
export function nameOfAccess({ id, account }: Access): string {
  return id === "self" ? "" : `${account ?? id} `;
}

/** Machines named by ARN say themselves where they are. */
function regionsOfArns(arns: readonly string[]): readonly string[] | null {
  const regions = [...new Set(arns.flatMap((arn) => partsOfArn(arn)?.region ?? []))].sort();
  return regions.length === 0 ? null : regions;
}
