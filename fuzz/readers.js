/**
 * Every reader of text from outside, as the fuzzer runs it: a case comes in as one text, and goes through the reader and
 * what stands behind it. A UserError or a diagnostic is an answer; any other error is a finding. `run` gives whether the text
 * was read for what it is: all texts of the corpus must be, or the fuzzer would knock at a closed door.
 */
import { memoryBills } from "./memory-bills.js";
import { memoryShell } from "./memory-shell.js";

/** What the readers stand on, by key, as `bundleSource` takes it. */
export const MODULES = {
  find: "src/source/find-workflows.ts",
  analysis: "src/report/build-analysis.ts",
  prices: "src/cost/known-price-lists.ts",
  renderers: "src/render/analysis-renderers.ts",
  jsonata: "src/commands/jsonata-parser.ts",
  workload: "src/workflow/workload/whole-workload-file.ts",
  workloadText: "src/workflow/workload/plain-workload-text.ts",
  scenarios: "src/workflow/workload/scenario-file-reader.ts",
  fleet: "src/source/fleet-source.ts",
  history: "src/observation/read-history.ts",
  logged: "src/observation/logged-execution.ts",
  offer: "src/cost/parse-price-offer.ts",
  priceList: "src/cost/price-list-schema.ts",
  bills: "src/bill/open-bill-door.ts",
  trace: "src/scenario/execution-trace.ts",
  commentInput: "src/commands/comment-input.ts",
  diffMarkdown: "src/render/diff-markdown.ts",
  ciRun: "src/forge/ci-run.ts",
  marker: "src/forge/comment-marker.ts",
  url: "src/forge/pull-request-url.ts",
  guarded: "src/forge/guarded-client.ts",
  post: "src/forge/post-comment.ts",
  github: "src/forge/github-client.ts",
  gitlab: "src/forge/gitlab-client.ts",
  bitbucket: "src/forge/bitbucket-client.ts",
  azure: "src/forge/azure-client.ts",
};

const SAMPLE_DEFINITION = '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}';
const COLUMNS = 80;

/** Reader by name: the file its corpus is laid into, words of its language, and what a case goes through. */
export const READERS = {
  asl: found("a.asl.json", (text) => [["a.asl.json", text]]),
  "asl-yaml": found("a.asl.yaml", (text) => [["a.asl.yaml", text]]),
  cloudformation: found("template.yaml", (text) => [
    ["template.yaml", text],
    ["flow.asl.json", SAMPLE_DEFINITION],
  ]),
  terraform: found("main.tf", (text) => [
    ["main.tf", text],
    ["flow.asl.json", SAMPLE_DEFINITION],
    ["terraform.tfvars", 'name = "given"\n'],
  ]),
  "terraform-plan": found("plan.json", (text) => [["plan.json", text]]),
  serverless: found("serverless.yml", (text) => [
    ["serverless.yml", text],
    ["flow.yml", "flow: 1\n"],
  ]),
  workload: {
    run: (text, { workload, workloadText }) => {
      workloadText.readPlainWorkloadText(text, "stepfare.yml");
      return workload.readWorkloadFile(text, "stepfare.yml").errors.length === 0;
    },
  },
  scenarios: {
    run: (text, { scenarios }) => {
      scenarios.readResultsFile(text, "results.yml");
      return scenarios.readScenarioFile(text, "a.scenarios.yml").errors.length === 0;
    },
  },
  fleet: { run: (text, { fleet }) => fleet.findFleetWorkflows("fleet.json", text).workflows.length > 0 },
  history: {
    run: (text, { history, logged }) => {
      const { executions } = logged.readLoggedExecutions(text.split("\n"), 10);
      return history.readHistory(parsed(text)).entered > 0 || executions.length > 0;
    },
  },
  "price-offer": {
    run: (text, { offer, priceList, prices }) => {
      const json = parsed(text);
      if (refusable(() => priceList.parsePriceList(json, "prices.json"))) return true;
      offer.parsePriceOffer(json, {
        region: "eu-central-1",
        currency: "USD",
        resembling: [prices.priceListOf("us-east-1")],
      });
      return true;
    },
  },
  diff: {
    run: async (text, { commentInput, diffMarkdown }) => {
      const render = (diff, limit) => diffMarkdown.renderDiffMarkdown(diff, { limit });
      const input = await commentInput.readCommentInput(
        memoryShell([["diff.json", text]]),
        "diff.json",
        render,
      );
      return input.body(4000).length > 0;
    },
  },
  trace: {
    run: async (text, { trace }) => {
      const { definition, input, results } = Object(parsed(text));
      return (await trace.traceExecution(definition, { input, results })).status === "SUCCEEDED";
    },
  },
  bill: { run: readBill },
  forge: { run: askForges },
};

/** The text's characters are bytes: of CSV, of gzip, of Parquet. What Athena might answer is made of the same. */
async function readBill(text, { bills }) {
  const door = bills.openBillDoor({ cwd: "/w", remote: async () => memoryBills(text) });
  const hooks = { say: async () => undefined };
  const reads = [
    () => door.readBills(["s3://bucket/bill"], hooks),
    () => door.askAthena({ database: "billing", table: "cur", month: "2026-10" }, hooks),
  ];
  let rows = 0;
  for (const read of reads) {
    try {
      const { sums } = await read();
      for (const sum of sums) rows += requireFinite(sum).rows;
    } catch (error) {
      if (!isAnswer(error)) throw error;
    }
  }
  return rows > 0;
}

function requireFinite(sum) {
  for (const key of ["quantity", "cost", "rows"])
    if (!Number.isFinite(sum[key])) throw new Error(`a bill sums up to a ${key} of ${sum[key]}`);
  return sum;
}

function found(name, files) {
  return {
    run: async (text, modules) => {
      const result = await modules.find.findWorkflows(memoryShell(files(text)), ["."]);
      if (result.workflows.length === 0) return false;
      const workflows = result.workflows.slice(0, 4);
      const report = modules.analysis.buildAnalysis({
        workflows,
        priceList: modules.prices.priceListOf("us-east-1"),
        transitionRule: "start+entered",
        context: { parseJsonata: modules.jsonata.jsonataParserFor(workflows), taskDuration: null },
        top: 3,
        diagnostics: result.diagnostics,
      });
      for (const render of Object.values(modules.renderers.analysisRenderers)) {
        requireHarmless(
          await render(report, { columns: COLUMNS, colour: false, verbose: true, top: 3 }),
          name,
        );
      }
      return true;
    },
  };
}

/** A terminal obeys control characters, and readers the marks that turn the direction: none may come through raw. */
function requireHarmless(text, name) {
  const raw = /(?![\t\n\r])[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.exec(text);
  if (raw !== null) throw new Error(`${name}: U+${raw[0].codePointAt(0).toString(16)} comes through raw`);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function refusable(read) {
  try {
    read();
    return true;
  } catch (error) {
    if (!isAnswer(error)) throw error;
    return false;
  }
}

/** Errors that are made for people. */
export function isAnswer(error) {
  return error?.constructor?.name === "UserError" || error?.name === "ForgeFailure";
}

const POST = {
  key: "key",
  time: "2026-01-01T00:00:00Z",
  behaviour: "update",
  worthFirst: true,
  dryRun: false,
  tokenVariable: null,
  maxWaitMs: 0,
  body: () => "body",
  report: () => undefined,
};

/** The text is what each forge answers to everything, its first line the status: `200`, or `403 text/html`. */
async function askForges(text, modules) {
  const [head = "", ...rest] = text.split("\n");
  const [status, type = "application/json"] = head.trim().split(/\s+/);
  const code = Number(status);
  const body = rest.join("\n");
  const valid = Number.isInteger(code) && code >= 200 && code < 600 ? code : 200;
  const empty = valid === 204 || valid === 205 || valid === 304;
  let asked = 0;
  const fetch = async () => {
    if (++asked > 60) throw new Error("asked more than 60 times");
    const headers = new Headers();
    if (/^[\w/+.-]+$/.test(type)) headers.set("content-type", type);
    return new Response(empty ? null : body, { status: valid, headers });
  };
  const connection = {
    apiUrl: "https://forge.invalid/api",
    repo: "o/r",
    pullRequest: 1,
    token: "t",
    fetch,
    secondMs: 0,
    paced: false,
  };
  const clients = [
    modules.github.githubClient(connection),
    modules.gitlab.gitlabClient(connection),
    modules.bitbucket.bitbucketClient(connection),
    modules.azure.azureClient({ ...connection, repo: "o/p/r" }),
  ];
  for (const client of clients.map(modules.guarded.guardedClient)) {
    for (const use of [
      () => client.head(),
      () => client.viewer(),
      () => client.comments(),
      () => modules.post.postComment(client, POST, { head: null, nowMs: 0, secondMs: 0 }),
    ]) {
      asked = 0;
      try {
        await use();
      } catch (error) {
        if (!isAnswer(error)) throw error;
      }
    }
  }
  modules.marker.parseMarker(body, 0);
  refusable(() => modules.url.parsePullRequestUrl(body));
  refusable(() =>
    modules.ciRun.detectCiRun({ GITHUB_ACTIONS: "true", GITHUB_EVENT_NAME: "pull_request" }, parsed(body)),
  );
  // One answer cannot be right for all calls.
  return true;
}
