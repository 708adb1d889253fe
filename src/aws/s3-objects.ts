/** S3 objects are files read where they lie, by GetObject: some of their bytes, or all in a stream. */
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { UserError } from "../user-error.ts";
import { clientConfig, openWorld } from "./aws-world.ts";
import { failureOf } from "./call-failure.ts";
import { ownAccess } from "./open-accesses.ts";

export interface RemoteObject {
  readonly name: string;
  readonly id: string;
  readonly size: number;
  slice(start: number, end: number): Promise<ArrayBuffer>;
  stream(): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

const BILL_FILE = /\.(parquet|csv|gz)$/i;

/** `s3://bucket/key`, or all bill files below `s3://bucket/prefix/`. Throws UserErrors with exit code 3. */
export async function openObjects(
  url: string,
  { profile, region }: { readonly profile: string | null; readonly region: string | null },
): Promise<readonly RemoteObject[]> {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.*)$/.exec(url) ?? [];
  if (bucket === undefined || key === undefined)
    throw new UserError(
      "invalid-option",
      `${url} is no S3 address.`,
      "Write s3://bucket/key or s3://bucket/prefix/.",
    );
  const config = clientConfig(openWorld(1), ownAccess({ profile }), region);
  const endpoint = process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
  // A bucket lives in one region, whichever the caller is in; a stand-in has no names of its own for buckets.
  const client = new S3Client({
    ...config,
    region: region ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? "us-east-1",
    followRegionRedirects: true,
    forcePathStyle: endpoint !== undefined,
  });
  const keys =
    key === "" || key.endsWith("/")
      ? await listKeys(client, bucket, key).catch(unreadable(url, "s3:ListBucket"))
      : [key];
  if (keys.length === 0) throw new UserError("not-a-bill", `${url} holds no .parquet, .csv or .gz object.`);
  return Promise.all(keys.map((each) => openObject({ client, bucket, key: each })));
}

/** Throws what a call, or the stream it opened, failed of as UserError `unreadable-bill`. */
function unreadable(url: string, action: string): (error: unknown) => never {
  return (error) => {
    const { message, hint } = failureOf(error, action);
    throw new UserError("unreadable-bill", `Cannot read ${url}: ${message}.`, hint, 3);
  };
}

async function listKeys(client: S3Client, bucket: string, prefix: string): Promise<readonly string[]> {
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
    );
    keys.push(
      ...(page.Contents ?? []).flatMap(({ Key }) => (Key !== undefined && BILL_FILE.test(Key) ? [Key] : [])),
    );
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return keys.sort();
}

interface Opening {
  readonly client: S3Client;
  readonly bucket: string;
  readonly key: string;
}

async function openObject({ client, bucket, key }: Opening): Promise<RemoteObject> {
  const name = `s3://${bucket}/${key}`;
  const failed = unreadable(name, "s3:GetObject");
  const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key })).catch(failed);
  const get = async (range: string | undefined) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range: range }));
    return Body!;
  };
  return {
    name,
    id: name,
    size: head.ContentLength ?? 0,
    slice: async (start, end) => {
      const body = get(`bytes=${start}-${end - 1}`);
      const bytes = await body.then((each) => each.transformToByteArray()).catch(failed);
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    },
    stream: async function* () {
      try {
        yield* (await get(undefined)) as unknown as AsyncIterable<Uint8Array>;
      } catch (error) {
        failed(error);
      }
    },
    close: async () => client.destroy(),
  };
}
