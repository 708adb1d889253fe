import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Place } from "../../src/diagnostic.ts";
import { renderAnnotations } from "../../src/render/annotations.ts";
import { renderCodeQuality } from "../../src/render/code-quality.ts";
import { fingerprints, type Finding } from "../../src/render/finding.ts";
import { renderJUnit } from "../../src/render/junit.ts";
import { renderSarif } from "../../src/render/sarif.ts";

const at: Place = { file: "workflows/order.asl.json", line: 12, column: 5, pointer: "/States/Poll" };

const loop: Finding = {
  code: "polling-loop",
  level: "warning",
  message: "Poll and Wait cost 40 transitions per execution.",
  help: "Use .sync, or wait for a task token.",
  at,
};
const budget: Finding = {
  code: "budget-exceeded",
  level: "error",
  message: "order is over $10.",
  help: null,
  at: null,
};
const note: Finding = { ...loop, code: "short-workflow", level: "info", help: null };

const hostile = fc.string({ unit: "binary", maxLength: 60 });
const findings = fc.array(
  fc.record<Finding>({
    code: fc.constantFrom("polling-loop", "budget-exceeded", "type-switched"),
    level: fc.constantFrom("error", "warning", "info"),
    message: hostile,
    help: fc.option(hostile),
    at: fc.option(fc.record({ file: hostile, line: fc.nat(), column: fc.nat(), pointer: hostile })),
  }),
  { maxLength: 40 },
);

describe("annotations", () => {
  test("errors first, each with its place and title", () => {
    expect(renderAnnotations([loop, note, budget])).toBe(
      [
        "::error title=budget-exceeded::order is over $10.",
        "::warning file=workflows/order.asl.json,line=12,col=5,title=polling-loop::Poll and Wait cost 40 transitions per execution.%0AUse .sync, or wait for a task token.",
        "::notice file=workflows/order.asl.json,line=12,col=5,title=short-workflow::Poll and Wait cost 40 transitions per execution.",
        "",
      ].join("\n"),
    );
  });

  test("names cannot end a property, a command or a line", () => {
    const file = "a,line=1::error::100%\n::warning::x";
    const text = renderAnnotations([{ ...loop, at: { ...at, file }, message: "50% :: a,b\r\nc" }]);
    expect(text).toBe(
      "::warning file=a%2Cline=1%3A%3Aerror%3A%3A100%25\\n%3A%3Awarning%3A%3Ax,line=12,col=5,title=polling-loop::50%25 :: a,b\\r\\nc%0AUse .sync, or wait for a task token.\n",
    );
  });

  test("beyond what GitHub shows the rest is counted", () => {
    const lines = renderAnnotations(Array.from({ length: 25 }, () => loop))
      .trimEnd()
      .split("\n");
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toBe("::warning::16 more of this kind are in the report.");
    expect(
      renderAnnotations(Array.from({ length: 10 }, () => loop))
        .trimEnd()
        .split("\n"),
    ).toHaveLength(10);
  });

  test("of anything are whole lines that start as commands", () => {
    fc.assert(
      fc.property(findings, (list) => {
        for (const line of renderAnnotations(list).split("\n").slice(0, -1))
          expect(line).toMatch(
            /^::(error|warning|notice)( [a-z]+=[^,:\r\n]*(,[a-z]+=[^,:\r\n]*)*)?::[^\r\n]*$/,
          );
      }),
    );
  });
});

interface SarifLog {
  version: string;
  runs: {
    tool: { driver: { version: string; rules: { id: string; name: string; help: { text: string } }[] } };
    results: {
      ruleId: string;
      ruleIndex: number;
      level: string;
      message: { text: string };
      locations: {
        physicalLocation: { artifactLocation: { uri: string; uriBaseId?: string }; region: object };
      }[];
      partialFingerprints: Record<string, string>;
    }[];
    invocations: { toolExecutionNotifications: { level: string; message: { text: string } }[] }[];
  }[];
}

function sarifOf(list: readonly Finding[]) {
  const log = JSON.parse(renderSarif(list, { version: "1.2.3" })) as SarifLog;
  return { log, run: log.runs[0]! };
}

describe("SARIF", () => {
  test("rules with help, results with places, the placeless as notifications", () => {
    const { log, run } = sarifOf([loop, budget, { ...loop, at: { ...at, pointer: "/States/Other" } }]);
    expect(log.version).toBe("2.1.0");
    expect(run.tool.driver.rules.map(({ id, name }) => [id, name])).toEqual([
      ["polling-loop", "PollingLoop"],
      ["budget-exceeded", "BudgetExceeded"],
    ]);
    expect(run.tool.driver.rules[0]!.help.text).toBe(
      "Use .sync, or wait for a task token.\nMore: stepfare explain polling-loop",
    );
    expect(run.results).toHaveLength(2);
    expect(run.results[0]).toMatchObject({
      ruleId: "polling-loop",
      ruleIndex: 0,
      level: "warning",
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "workflows/order.asl.json", uriBaseId: "%SRCROOT%" },
            region: { startLine: 12, startColumn: 5 },
          },
        },
      ],
    });
    expect(run.invocations[0]!.toolExecutionNotifications).toMatchObject([
      { level: "error", message: { text: "order is over $10." } },
    ]);
  });

  test.each([
    ["./a b/ü#1?.json", "a%20b/%C3%BC%231%3F.json"],
    ["a\\b.json", "a/b.json"],
    ["/tmp/a b.json", "file:///tmp/a%20b.json"],
    ["C:\\x\\a.json", "file:///C:/x/a.json"],
  ])("the file %s is the URI %s", (file, uri) => {
    const { run } = sarifOf([{ ...loop, at: { ...at, file } }]);
    expect(run.results[0]!.locations[0]!.physicalLocation.artifactLocation.uri).toBe(uri);
  });

  test("of anything parses back, each result with a rule and a fingerprint of its own", () => {
    fc.assert(
      fc.property(findings, (list) => {
        const { run } = sarifOf(list);
        const placed = list.filter((finding) => finding.at !== null);
        expect(run.results).toHaveLength(placed.length);
        for (const { ruleId, ruleIndex } of run.results)
          expect(run.tool.driver.rules[ruleIndex]!.id).toBe(ruleId);
        const prints = run.results.map((result) => result.partialFingerprints["stepfare/v1"]);
        expect(new Set(prints).size).toBe(prints.length);
      }),
    );
  });
});

describe("GitLab code quality", () => {
  test("has all that GitLab needs", () => {
    expect(JSON.parse(renderCodeQuality([loop, budget]))).toEqual([
      {
        type: "issue",
        check_name: "polling-loop",
        description: loop.message,
        content: { body: loop.help },
        categories: ["Performance"],
        severity: "minor",
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
        location: { path: "workflows/order.asl.json", lines: { begin: 12 } },
      },
      {
        type: "issue",
        check_name: "budget-exceeded",
        description: budget.message,
        categories: ["Performance"],
        severity: "major",
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
        location: { path: "stepfare.yml", lines: { begin: 1 } },
      },
    ]);
    expect(renderCodeQuality([])).toBe("[]\n");
  });

  test("a finding keeps its fingerprint when lines move, and no two share one", () => {
    const moved = { ...loop, at: { ...at, line: 99, column: 1 } };
    expect(fingerprints([moved])).toEqual(fingerprints([loop]));
    expect(fingerprints([loop])).not.toEqual(
      fingerprints([{ ...loop, at: { ...at, pointer: "/States/B" } }]),
    );
    expect(new Set(fingerprints([loop, loop, budget])).size).toBe(3);
  });
});

describe("JUnit", () => {
  test("gates that failed, and what only warns", () => {
    expect(renderJUnit([budget, loop])).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="stepfare" tests="2" failures="1" errors="0">
  <testsuite name="stepfare" tests="2" failures="1" errors="0" skipped="0">
    <testcase classname="stepfare.budget-exceeded" name="order is over $10.">
      <failure type="budget-exceeded" message="order is over $10.">order is over $10.</failure>
    </testcase>
    <testcase classname="stepfare.polling-loop" name="Poll and Wait cost 40 transitions per execution." file="workflows/order.asl.json" line="12">
      <system-out>workflows/order.asl.json:12:5&#10;Poll and Wait cost 40 transitions per execution.&#10;Use .sync, or wait for a task token.</system-out>
    </testcase>
  </testsuite>
</testsuites>
`);
  });

  test("nothing found is a test that passed", () => {
    expect(renderJUnit([])).toContain('tests="1" failures="0"');
  });

  test("of anything is XML: no character that it forbids, no markup but ours", () => {
    fc.assert(
      fc.property(findings, (list) => {
        const text = renderJUnit(list);
        const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
        expect(
          codes.filter((code) => (code < 32 && code !== 10) || code === 0xfffe || code === 0xffff),
        ).toEqual([]);
        expect(text).toBe(text.replaceAll(/\p{Cs}/gu, "\ufffd"));
        const tags = [...text.matchAll(/<(\/?)([a-z-]+)(?: [a-z]+="[^"<>]*")*(\/?)>/g)];
        expect(text.split("<").length - 2).toBe(tags.length);
        const open: string[] = [];
        for (const [, closing, name, empty] of tags) {
          if (closing) expect(open.pop()).toBe(name);
          else if (!empty) open.push(name ?? "");
        }
        expect(open).toEqual([]);
        expect(text).not.toMatch(/&(?!(?:amp|lt|gt|quot|apos|#\d+);)/);
      }),
    );
  });
});
