/**
 * Why stepfare and a corpus's index may differ though both have their reasons: by what is said and what the file holds,
 * never by a file's name alone. The first that applies is printed; null means that none is known.
 */

/** The index marks the definition valid. */
const ERROR_IN_VALID = [
  [
    "a placeholder that its test fills in stands where a path belongs",
    ({ code, text }) => code === "invalid-path" && text.includes('"%CONTEXT_OBJECT_'),
  ],
  [
    "the language wants at least one error in ErrorEquals; the file is used where nothing is created",
    ({ code, text }) => code === "wrong-type" && /"ErrorEquals":\s*\[\s*\]/.test(text),
  ],
  [
    "its StartAt names no state of it; the file is used to test single states",
    ({ code, text }) => (code === "unknown-target" || code === "not-analysed") && !startsAtAState(text),
  ],
  [
    "AWS takes at most 40 characters of Label; its test expects the refusal",
    ({ code, text }) => code === "value-out-of-range" && /"Label":\s*"[^"]{41,}"/.test(text),
  ],
  [
    "no such action of an optimized integration; its test expects the refusal",
    ({ code, text }) => code === "unknown-integration" && /:::lambda:(?!invoke)/.test(text),
  ],
  [
    "a state goes back to JSONPath inside a JSONata definition, which AWS refuses",
    ({ code, message }) => code === "query-language-mismatch" && message.includes("goes back to JSONPath"),
  ],
  [
    "Credentials hold a role's ARN and nothing else; the example is of the specification, from before that",
    ({ code, text }) => code === "unknown-field" && text.includes('"Credentials"'),
  ],
  ["no parser takes it for JSON", ({ code, text }) => code === "invalid-json" && !isJson(text)],
  [
    "QueryLanguage stands among its States, so no state speaks JSONata: a slip of its authors",
    ({ code, text }) =>
      (code === "wrong-type" || code === "query-language-mismatch") &&
      /"States":\s*\{\s*"QueryLanguage"/.test(text),
  ],
  [
    "an example inside a report of a fault: its state has no Type",
    ({ code, text, row }) => row.kind === "asl-doc" && code === "missing-field" && !text.includes('"Type"'),
  ],
];

/** The index marks the definition invalid. */
const NO_ERROR_IN_INVALID = [
  [
    "it fails only when it runs: a path names data that its input lacks",
    ({ text }) => /Path": "\$\.NoSuch/.test(text),
  ],
  ["it is valid: failing is what it is for", ({ text }) => typesIn(text).every((type) => type === "Fail")],
  [
    "AWS minds no spaces inside {% %}; the index follows a validator that does",
    ({ text }) => /"\{%(?! [^\s\\])/.test(text),
  ],
  [
    "an ARN whose alias is malformed; the index follows a validator that reads aliases",
    ({ text }) => /:function:[^":]+:(?![\w$-]+")[^"]*"/.test(text),
  ],
  [
    "a warning here: AWS accepts it, and it may be meant",
    ({ warnings }) =>
      warnings.some((code) => code === "duplicate-state-name" || code === "missing-task-token"),
  ],
  [
    "a placeholder that is not closed is text as any other until it is deployed",
    ({ text }) => /\$\{[^}"]*"/.test(text),
  ],
  [
    "paths by intrinsic functions and from the end are of the language; the validator that calls it invalid is behind",
    ({ text }) => /"(Error|Cause)Path": "States\.|Path": "[^"]*\[-\d+\]"/.test(text),
  ],
];

const NOT_HERE = new Set(["missing-definition-file", "remote-definition", "definition-not-evaluated"]);

/** The index counts other definitions, or some of them were not analysed. */
const OTHER_COUNT = [
  [
    "recorded answers of the API and parts of states: several definitions among other things, none of them deployed from here",
    ({ row }) => row.kind === "asl-wrapped",
  ],
  [
    "the machine's definition lies outside of what is here, or is not known before it is deployed",
    ({ warnings }) => warnings.some((code) => NOT_HERE.has(code)),
  ],
  [
    "one text that several machines are declared with",
    ({ row, found }) =>
      found.length > Number(row.definitions) && found.every(({ foundIn }) => foundIn === "terraform"),
  ],
];

const REASONS = {
  "error in valid": ERROR_IN_VALID,
  "no error in invalid": NO_ERROR_IN_INVALID,
  count: OTHER_COUNT,
};

/** `difference`: the row, its kind, what was found, its errors and warnings, and the file's text. */
export function reasonOf({ kind, errors, ...difference }) {
  // Each error must have its reason, else a new one would hide behind an old one.
  const said = errors.length === 0 ? [{ code: null, message: "" }] : errors;
  const reasons = said.map((error) => {
    const known = REASONS[kind].find(([, applies]) => applies({ ...difference, ...error }));
    return known?.[0] ?? null;
  });
  return reasons.includes(null) ? null : [...new Set(reasons)].join("; ");
}

function typesIn(text) {
  return [...text.matchAll(/"Type":\s*"(\w+)"/g)].map(([, type]) => type);
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function startsAtAState(text) {
  const start = /"StartAt":\s*"([^"]+)"/.exec(text);
  return start !== null && text.includes(`"${start[1]}": {`);
}
