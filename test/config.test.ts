import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resolveConfig } from "../src/config.ts";
import type { Config, Flags } from "../src/config.ts";
import { UserError } from "../src/user-error.ts";
import { parseWorkloadFile } from "../src/workflow/workload/whole-workload-file.ts";
import { fakeShell } from "./fake-shell.ts";

const FORMATS = ["table", "json"] as const;

function resolve(
  flags: Flags = {},
  { file, env = {} }: { file?: string; env?: Record<string, string> } = {},
): Config {
  const workloadFile =
    file === undefined
      ? null
      : {
          path: "/project/deep/stepfare.yml",
          folder: "/project/deep",
          content: parseWorkloadFile(file, "deep/stepfare.yml"),
        };
  return resolveConfig({ shell: fakeShell({ env }), flags, workloadFile, formats: [...FORMATS] });
}

function problemsOf(flags: Flags, env: Record<string, string> = {}): string[] {
  try {
    resolve(flags, { env });
  } catch (error) {
    expect(error).toMatchObject({ code: "invalid-option", exitCode: 2 });
    return (error as UserError).message.split("\n");
  }
  return [];
}

describe("resolveConfig", () => {
  it("has a default for everything", () => {
    expect(resolve()).toStrictEqual({
      region: "us-east-1",
      regionFrom: "default",
      transitionRule: "start+entered",
      executions: null,
      payloadKB: null,
      taskDuration: null,
      prices: { discountPercent: 0, list: null },
      borrow: true,
      format: "table",
      output: null,
      top: 5,
      quiet: false,
      verbose: false,
    });
  });

  it("takes a region from the flag, the file, the environment, and says from which", () => {
    const file = "region: eu-west-1";
    const env = { AWS_REGION: "eu-west-2", AWS_DEFAULT_REGION: "eu-west-3" };
    const from = (flags: Flags, world: Parameters<typeof resolve>[1]) => {
      const { region, regionFrom } = resolve(flags, world);
      return `${region} ${regionFrom}`;
    };
    expect(from({ region: "us-gov-west-1" }, { file, env })).toBe("us-gov-west-1 --region");
    expect(from({}, { file, env })).toBe("eu-west-1 deep/stepfare.yml");
    expect(from({}, { env })).toBe("eu-west-2 AWS_REGION");
    expect(from({}, { env: { AWS_REGION: "", AWS_DEFAULT_REGION: "eu-west-3" } })).toBe(
      "eu-west-3 AWS_DEFAULT_REGION",
    );
  });

  it("takes flags over the file", () => {
    const file = "transitionRule: entered\nprices: { discount: 9%, list: ../prices.json }";
    expect(resolve({}, { file })).toMatchObject({
      transitionRule: "entered",
      prices: { discountPercent: 9, list: "/project/prices.json" },
    });
    expect(resolve({ transitionRule: "start+entered+end", discount: "12.5%" }, { file })).toMatchObject({
      transitionRule: "start+entered+end",
      prices: { discountPercent: 12.5 },
    });
  });

  it("turns numbers into declared figures that name their flag", () => {
    expect(resolve({ executions: "50/s", payload: "500B", duration: "300ms" })).toMatchObject({
      executions: { value: 131_400_000, basis: "declared", note: "--executions" },
      payloadKB: { value: 0.5, note: "--payload" },
      taskDuration: { ms: { value: 300, note: "--duration" }, percentiles: null },
    });
    expect(resolve({ executions: 1000 }).executions?.value).toBe(1000);
    expect(resolve({ executions: "500k..1M..3M" }).executions).toMatchObject({
      low: 500_000,
      value: 1_000_000,
      high: 3_000_000,
    });
  });

  it("reads the rest as it is given", () => {
    expect(
      resolve({ borrow: false, format: "json", output: "out.json", top: 0, verbose: true }),
    ).toMatchObject({
      borrow: false,
      format: "json",
      output: "out.json",
      top: 0,
      verbose: true,
    });
  });

  it("tells all that is wrong at once, and what to write instead", () => {
    expect(
      problemsOf(
        {
          executions: "many",
          transitionRule: "all",
          format: "xml",
          top: 1.5,
          duration: "3",
          discount: 9,
          quiet: true,
          verbose: true,
        },
        { AWS_REGION: "Ireland" },
      ),
    ).toStrictEqual([
      'AWS_REGION: "Ireland" is no AWS region: write a name such as us-east-1',
      '--transition-rule: "all" is not known: write entered or start+entered or start+entered+end',
      '--executions: "many" is not understood: write 1M, 1000000/month, 1200/day, 3/h, 10/min or 50/s',
      '--duration: "3" has no unit: write 3ms or 3s',
      "--discount: 9 is no percentage from 0% to 100%: write it with its sign, such as 9%",
      '--format: "xml" is not known: write table or json',
      "--top: 1.5 is not a whole number: write 0 or more, such as 5",
      "--quiet and --verbose contradict each other: give one of them",
    ]);
  });

  it("refuses a flag that is given twice", () => {
    expect(problemsOf({ region: ["eu-west-1", "eu-west-2"] })).toStrictEqual([
      "--region: it is given 2 times: give it once",
    ]);
  });

  it("gives a config or a UserError, whatever it is given", () => {
    const flags = fc.dictionary(
      fc.constantFrom(
        "region",
        "executions",
        "payload",
        "duration",
        "discount",
        "format",
        "output",
        "top",
        "transitionRule",
      ),
      fc.anything(),
    );
    fc.assert(
      fc.property(flags, (given) => {
        try {
          resolve(given);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
    );
  });
});
