/**
 * Mutations make a hostile text out of good ones: by its tree where it is JSON, by its words and marks otherwise, so that
 * most of what comes out still passes the first parser and reaches what stands behind it.
 */

/** Keys that mean something to JavaScript, and to carelessly built objects. */
const KEYS = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "length",
  "",
  "0",
  "a.b",
  "a/b~c",
];

const VALUES = [
  null,
  true,
  "",
  "x",
  0,
  -1,
  0.1,
  1e308,
  -1e308,
  5e-324,
  Number.MAX_SAFE_INTEGER + 1,
  "1e999",
  "NaN",
  "\u0000",
  "\ud800",
  "\u202e",
  "\u2028",
  "$",
  "$$",
  "$.a[?(@.b==1)]..c[-1:0:0]",
  "{% $ %}",
  "{% (",
  "States.Format('{}', $.a)",
  "${a}",
  "${${a}}",
  "%{ for x in y }",
  "2026-02-30T25:61:61Z",
  "P1Y",
  "99999999999999999999",
  "../../../../etc/passwd",
  "/etc/passwd",
  "https://example.invalid/x",
  [],
  {},
  [[]],
  [null],
];

/** What holds a file together, of any kind. */
const MARKS = [
  "{",
  "}",
  "[",
  "]",
  "(",
  ")",
  ":",
  ",",
  '"',
  "'",
  "\n",
  "\r\n",
  "\r",
  "\t",
  " ",
  "#",
  "//",
  "/*",
  "*/",
  "---\n",
  "...\n",
  "&a ",
  "*a",
  "<<: *a",
  "!Sub ",
  "!GetAtt ",
  "!Ref ",
  "!If [",
  "!!binary ",
  "!!set",
  "| \n",
  ">-\n",
  "? ",
  "%{",
  "${",
  "~}",
  "<<EOT\n",
  "EOT\n",
  "=",
  "==",
  "=>",
  "&&",
  "\\",
  "\\u0000",
  "\\ud800",
  "\u0000",
  "\ufeff",
  "\ud800",
  "\u202e",
  "é",
  "𝄞",
  "for_each = ",
  "count = 1e9\n",
  "dynamic ",
  "jsonencode(",
  "templatefile(",
  "fileset(",
  "range(0, 1e9)",
  "{% ",
  " %}",
  "$$.",
  "States.Array(",
  "Fn::Sub",
  "Fn::If",
];

const DEEP = 3000;

/** `pool` are all good texts of the reader; `words` are what its language knows. */
export function mutate(text, { random, pool, words }) {
  const parsed = parse(text);
  if (parsed !== undefined && random.chance(0.75)) {
    const donors = pool.map(parse).filter((value) => value !== undefined);
    let value = parsed;
    for (let left = 1 + random.below(4); left > 0; left--)
      value = changedTree(value, { random, donors, words });
    return deepen(JSON.stringify(value, null, random.pick([0, 1, 2])) ?? "", random);
  }
  let changed = text;
  for (let left = 1 + random.below(6); left > 0; left--)
    changed = changedText(changed, { random, pool, words });
  return deepen(changed, random);
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Every place of a tree, by the path to it. */
function placesIn(value, path = [], places = []) {
  places.push(path);
  if (Array.isArray(value)) value.forEach((item, index) => placesIn(item, [...path, index], places));
  else if (value !== null && typeof value === "object")
    for (const [key, member] of Object.entries(value)) placesIn(member, [...path, key], places);
  return places;
}

function at(value, path) {
  return path.reduce((inner, key) => inner[key], value);
}

/** `change` gives what stands at the path; undefined removes it. fromEntries makes own keys, `__proto__` too. */
function replaced(value, [key, ...rest], change) {
  if (key === undefined) return change(value);
  if (Array.isArray(value))
    return value.flatMap((item, index) => {
      if (index !== key) return [item];
      const changed = replaced(item, rest, change);
      return changed === undefined ? [] : [changed];
    });
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      if (name !== key) return [[name, member]];
      const changed = replaced(member, rest, change);
      return changed === undefined ? [] : [[name, changed]];
    }),
  );
}

function changedTree(value, { random, donors, words }) {
  const path = random.pick(placesIn(value));
  const donor = random.pick(donors);
  const scalar = () => (random.chance(0.5) ? random.pick(VALUES) : random.pick(words));
  switch (random.below(8)) {
    case 0:
      return replaced(value, path, () => scalar());
    case 1:
      return path.length === 0 ? value : replaced(value, path, () => undefined);
    case 2:
      return replaced(value, path, () => at(donor, random.pick(placesIn(donor))));
    case 3:
      return replaced(value, path, () => at(value, random.pick(placesIn(value))));
    case 4:
      return replaced(value, path, (inner) =>
        inner !== null && typeof inner === "object" && !Array.isArray(inner)
          ? Object.fromEntries([
              ...Object.entries(inner),
              [random.chance(0.5) ? random.pick(KEYS) : random.pick(words), scalar()],
            ])
          : [inner, inner],
      );
    case 5:
      return replaced(value, path, (inner) =>
        inner !== null && typeof inner === "object" && !Array.isArray(inner)
          ? Object.fromEntries(
              Object.entries(inner).map(([key, member]) => [
                random.chance(0.3) ? random.pick([...KEYS, ...words]) : key,
                member,
              ]),
            )
          : random.pick([{ [random.pick(words)]: inner }, [inner]]),
      );
    case 6:
      return replaced(value, path, (inner) =>
        typeof inner === "string"
          ? changedText(inner, { random, pool: words, words })
          : typeof inner === "number"
            ? -inner * 10 ** random.below(20)
            : inner,
      );
    default:
      return replaced(value, path, (inner) =>
        Array.isArray(inner) ? Array.from({ length: 300 }, () => inner[0] ?? null) : { a: inner, A: inner },
      );
  }
}

const TOKEN = /[\p{L}\p{N}_.-]+|\s+|./gsu;

function changedText(text, { random, pool, words }) {
  const tokens = text.match(TOKEN) ?? [""];
  const from = random.below(tokens.length);
  const length = 1 + random.below(random.chance(0.8) ? 3 : tokens.length);
  const other = random.pick(pool).match(TOKEN) ?? [""];
  const donor = random.below(other.length);
  const insert = (...inserted) => [...tokens.slice(0, from), ...inserted, ...tokens.slice(from)];
  const swap = (...put) => [...tokens.slice(0, from), ...put, ...tokens.slice(from + length)];
  switch (random.below(8)) {
    case 0:
      return swap().join("");
    case 1:
      return insert(random.pick(MARKS)).join("");
    case 2:
      return swap(String(random.pick([...words, ...KEYS, ...VALUES]))).join("");
    case 3:
      return insert(...tokens.slice(from, from + length)).join("");
    case 4:
      return swap(...other.slice(donor, donor + 1 + random.below(40))).join("");
    case 5:
      return tokens.slice(0, from).join("");
    case 6: {
      const unit = random.below(Math.max(1, text.length));
      return (
        text.slice(0, unit) + String.fromCharCode(random.below(0x10000)) + text.slice(unit + random.below(2))
      );
    }
    default:
      return insert(random.pick(MARKS).repeat(random.pick([2, 10, 500]))).join("");
  }
}

/** Now and then so deep, or so long, that whatever recurses or repeats over it shows. */
function deepen(text, random) {
  if (!random.chance(0.03)) return text;
  const [open, close] = random.pick([
    ["[", "]"],
    ['{"a":', "}"],
    ["(", ")"],
    ["${", "}"],
    ["- ", ""],
    ["!Sub ", ""],
    ["States.Array(", ")"],
    ["-", ""],
  ]);
  const at = random.below(text.length + 1);
  return (
    text.slice(0, at) + open.repeat(DEEP) + random.pick(["1", "", "a"]) + close.repeat(DEEP) + text.slice(at)
  );
}
