import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commentBody } from "../../src/render/comment-body.ts";
import { renderDiffMarkdown } from "../../src/render/diff-markdown.ts";
import { drawMermaid } from "../../src/render/diff-mermaid.ts";
import { type DiffFormat, diffRenderers } from "../../src/render/diff-renderers.ts";
import type { DiffReport } from "../../src/report/diff-report.ts";
import { FORBIDDEN, hostileText } from "./hostile-text.ts";
import { changedWorkflow, diffOf, line, withoutExecutions } from "./sample-diffs.ts";

const OPTIONS = { columns: 120, colour: false, verbose: false, top: 5, details: true, graphs: true };
const MARKDOWN = { details: true, graphs: true, limit: null };

const named = (name: string, i = 0): DiffReport =>
  diffOf([
    changedWorkflow(name, {
      formerName: name,
      formerFile: name,
      because: [line({ text: `${name} added`, state: name, cost: 5 + i })],
      states: { added: [name], removed: [name], renamed: [{ from: name, to: name }] },
      newFindings: [{ code: "x", severity: "warning", message: name, at: null, hint: name }],
      graph: {
        nodes: [
          { name, type: "Task", status: "added", within: null },
          { name, type: "Map", status: "changed", within: null },
        ],
        edges: [{ from: 0, to: 1 }],
      },
    }),
  ]);

describe.each(Object.keys(diffRenderers) as DiffFormat[])("%s", (format) => {
  const render = (diff: DiffReport) => diffRenderers[format](diff, OPTIONS);

  test("says the difference, the workflow and the state it is due to", async () => {
    const text = await render(diffOf([changedWorkflow("order")]));
    for (const word of ["order", "Poll", "100"]) expect(text).toContain(word);
    expect(text.endsWith("\n")).toBe(true);
  });

  test("is never empty: nothing changed, nothing there, no executions known", async () => {
    const unchanged = changedWorkflow("order", { status: "unchanged", difference: 0, because: [] });
    for (const diff of [diffOf([]), diffOf([unchanged]), diffOf([withoutExecutions("order")])]) {
      expect((await render(diff)).trim().length).toBeGreaterThan(20);
    }
  });

  test("sends nothing to the terminal that a stranger put into a name", async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, async (name) => {
        expect(FORBIDDEN.exec(await render(named(name)))).toBeNull();
      }),
    );
  });
});

test("json parses back to the report", async () => {
  const diff = diffOf([changedWorkflow("order"), withoutExecutions("__proto__")]);
  expect(JSON.parse(await diffRenderers.json(diff, OPTIONS))).toEqual(diff);
});

describe("markdown", () => {
  test("opens with the difference, per month or per execution", () => {
    const first = (diff: DiffReport) => renderDiffMarkdown(diff, MARKDOWN).split("\n", 1)[0];
    expect(first(diffOf([changedWorkflow("order")]))).toBe(
      "### stepfare: +$100.00 per month ($175.00 → $275.00, +57.1%)",
    );
    expect(first(diffOf([withoutExecutions("order")]))).toBe(
      "### stepfare: +4 transitions per execution, +$100.00 per million executions",
    );
    expect(first(diffOf([]))).toBe("### stepfare: no state machine on either side");
  });

  test("opens with the change where executions are not known, when nothing changes where they are", () => {
    const order = changedWorkflow("order", { status: "unchanged", difference: 0, because: [] });
    const diff = diffOf([{ ...order, after: order.before }, withoutExecutions("refund")]);
    expect(renderDiffMarkdown(diff, MARKDOWN).split("\n", 1)[0]).toBe(
      "### stepfare: +4 transitions per execution, +$100.00 per million executions; nothing changes where executions are known",
    );
  });

  test("counts together reasons too small to be seen beside the largest", () => {
    const small = (text: string, cost: number) => line({ text, cost });
    const because = [
      line({ text: "Poll added", cost: 100 }),
      small("speck", -0.0002),
      small("mote", 0.0005),
      small("cent", 0.02),
    ];
    const text = renderDiffMarkdown(diffOf([changedWorkflow("order", { because })]), MARKDOWN);
    expect(text).toContain("2 smaller reasons, +$0.00030 together");
    expect(text).toContain("cent");
    expect(text).not.toMatch(/speck|mote/);
    const alone = renderDiffMarkdown(
      diffOf([changedWorkflow("order", { because: because.slice(0, 2) })]),
      MARKDOWN,
    );
    expect(alone).toContain("speck");
  });

  test("says what the difference rests on, the first three", () => {
    const assumed = (text: string) => ({
      key: text,
      text: `share of ${text}`,
      unit: "share" as const,
      value: 0.5,
      basis: "default" as const,
    });
    const workflow = changedWorkflow("order", { newAssumptions: ["a", "b", "c", "d"].map(assumed) });
    expect(renderDiffMarkdown(diffOf([workflow]), MARKDOWN)).toContain(
      "Assumed, as stepfare.yml does not say: share of a: 50%; share of b: 50%; share of c: 50%; and 1 more",
    );
  });

  test("says twice what is wrong many times over, the gravest first", () => {
    const finding = (code: string, severity: "error" | "info", message: string) => ({
      code,
      severity,
      message,
      at: null,
      hint: null,
    });
    const newFindings = [
      finding("no-timeout", "info", "first"),
      ...["a", "b", "c", "d", "e"].map((name) => finding("broken", "error", name)),
    ];
    const text = renderDiffMarkdown(diffOf([changedWorkflow("order", { newFindings })]), MARKDOWN);
    const told = text.split("\n").filter((row) => row.startsWith("- New "));
    expect(told).toEqual([
      "- New error broken: a",
      "- New error broken: b (and 3 more like it)",
      "- New info no-timeout: first",
    ]);
  });

  test("keeps strangers' names from being mentions, links, HTML or cells", () => {
    const name = "@octocat <img src=x> | [x](http://evil.example) #12 `code` https://evil.example";
    const text = renderDiffMarkdown(named(name), { ...MARKDOWN, graphs: false });
    expect(text).not.toMatch(/@octocat|<img|(?<!\\)\]\(http|(?<!\\)`|(?<!\\)#12|https:\/\//);
    const rows = text.split("\n").filter((row) => row.startsWith("|"));
    expect(new Set(rows.map((row) => row.match(/(?<!\\)\|/g)!.length)).size).toBe(1);
  });

  test("folds and draws only where that is understood", () => {
    const many = diffOf(["a", "b", "c", "d", "e"].map((name) => changedWorkflow(name)));
    expect(commentBody(many, 1e6, "github")).toContain("<details>");
    expect(commentBody(many, 1e6, "github")).toContain("```mermaid");
    expect(commentBody(many, 1e6, "bitbucket")).not.toMatch(/<details>|mermaid/);
    expect(commentBody(many, 1e6, "azure")).not.toContain("mermaid");
    const two = renderDiffMarkdown(many, { ...MARKDOWN, top: 2 });
    expect(two.split("\n").filter((row) => /^\| [a-e] /.test(row))).toHaveLength(2);
    expect(two).toContain("3 more changed workflows");
  });

  test("keeps within any limit, the worst first and the rest counted", () => {
    const workflows = Array.from({ length: 300 }, (_, i) => changedWorkflow(`workflow-${i}`));
    const diff = diffOf(workflows, {
      verdict: { passed: false, reasons: workflows.map(({ name }) => `${name} is over`), warnings: [] },
    });
    for (const limit of [65_536, 10_000, 2_000, 600, 100, 10]) {
      const text = renderDiffMarkdown(diff, { ...MARKDOWN, limit });
      expect(text.length).toBeLessThanOrEqual(limit);
    }
    const text = renderDiffMarkdown(diff, { ...MARKDOWN, limit: 10_000 });
    expect(text).toContain("workflow-0 ");
    expect(text).toMatch(/… \d+ more changed workflows/);
    expect(text).toMatch(/… \d+ more reasons/);
    const opened = text.match(/<details>/g)?.length ?? 0;
    expect(text.match(/<\/details>/g)?.length ?? 0).toBe(opened);
  });

  test("says what unchanged workflows pay for a shared free tier", () => {
    const shared = changedWorkflow("other", { status: "unchanged", difference: 0.02 });
    expect(renderDiffMarkdown(diffOf([changedWorkflow("order"), shared]), MARKDOWN)).toContain(
      "1 unchanged state machine: +$0.02 per month",
    );
  });
});

describe("mermaid", () => {
  test("shows marks that turn the reading direction as they are shown elsewhere", () => {
    const drawn = drawMermaid(named("\u202eabc").workflows[0]!.graph!);
    expect(drawn).toContain('n0["#92;u#123;202e#125;abc"]');
  });

  test("nests, and marks what is new or changed", () => {
    expect(drawMermaid(changedWorkflow("order").graph!)).toBe(
      [
        "flowchart TD",
        '  n0["Start"]',
        '  n1{"Poll"}',
        '  subgraph n2["Each"]',
        '    n3["Inner"]',
        "  end",
        "  n0 --> n1",
        "  n1 --> n2",
        "  classDef added fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
        "  class n1 added",
        "  classDef changed fill:#fff8c5,stroke:#9a6700,color:#1f2328",
        "  class n2,n3 changed",
      ].join("\n"),
    );
  });

  test("lets no name be more than a label", () => {
    fc.assert(
      fc.property(hostileText, (name) => {
        const drawn = drawMermaid(named(name).workflows[0]!.graph!)!;
        expect(drawn.split("\n")).toHaveLength(8);
        // Mermaid draws an entity as what it stands for: none may stand for what nobody sees.
        const drawnAs = drawn.replaceAll(/#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
        expect(drawnAs).not.toMatch(FORBIDDEN);
        expect(drawn).toMatch(/^ {2}n0\["[\p{L}\p{N} _.…#;-]*"\]$/mu);
      }),
    );
  });
});
