/** The functions of Terraform on lists, objects and numbers. https://developer.hashicorp.com/terraform/language/functions */
import { asBool, asNumber, memberOf, unknownCall } from "./hcl-evaluation.ts";
import { isItems, itemsOf, ofKnown, ofShape, onItems, onNumbers } from "./hcl-function.ts";
import type { HclFunction } from "./hcl-function.ts";
import type { Call } from "./hcl-scope.ts";
import type { Span } from "./hcl-syntax.ts";
import {
  boolValue,
  describeKind,
  faultValue,
  isEqual,
  listValue,
  nullValue,
  numberValue,
  objectValue,
  problemValue,
  stringValue,
  textOf,
  unknownWithin,
} from "./hcl-value.ts";
import type { HclValue } from "./hcl-value.ts";

export const COLLECTION_FUNCTIONS: ReadonlyMap<string, HclFunction> = new Map([
  ["length", ofShape(lengthOf)],
  ["concat", ofShape(concat)],
  ["merge", ofShape(merge)],
  ["lookup", ofShape(lookup)],
  ["keys", ofShape(([map], { at }) => keysOf(map, at, (key) => stringValue(key, at)))],
  ["values", ofShape(([map], { at }) => keysOf(map, at, (_, value) => value))],
  ["element", ofShape(onItems((items, [index], call) => elementAt(items, index, call)))],
  [
    "contains",
    ofKnown(
      onItems((items, [value], { at }) =>
        boolValue(
          items.some((item) => isSame(item, value)),
          at,
        ),
      ),
    ),
  ],
  [
    "index",
    ofKnown(
      onItems((items, [value], { at }) =>
        numberValue(
          items.findIndex((item) => isSame(item, value)),
          at,
        ),
      ),
    ),
  ],
  ["flatten", ofShape(onItems((items, _, { at }) => listValue(flatten(items), at)))],
  ["reverse", ofShape(onItems((items, _, { at }) => listValue(items.toReversed(), at)))],
  ["compact", ofShape(onItems((items, _, { at }) => listValue(items.filter(isWritten), at)))],
  ["distinct", ofKnown(onItems((items, _, { at }) => listValue(distinct(items), at)))],
  ["sort", ofKnown(onItems((items, _, { at }) => listValue(sorted(items), at)))],
  ["toset", ofShape(onItems((items, _, call) => toSet(items, call)))],
  ["tolist", ofShape(onItems((items, _, { at }) => listValue(items, at)))],
  [
    "tomap",
    ofShape(([value], { at }) =>
      value?.kind === "object" ? value : faultValue("tomap needs an object", at),
    ),
  ],
  [
    "setunion",
    ofKnown((args, call) =>
      toSet(
        args.flatMap((list) => itemsOrNone(list, call)),
        call,
      ),
    ),
  ],
  ["slice", ofShape(onItems((items, [from, to], call) => slice(items, [from, to], call)))],
  ["one", ofShape(onItems((items, _, { at }) => items[0] ?? nullValue(at)))],
  ["zipmap", ofShape(zipmap)],
  ["range", onNumbers((numbers, call) => range(numbers, call))],
  ["coalesce", coalesce],
  [
    "coalescelist",
    ofShape(
      (args, { at }) =>
        args.find((list) => list.kind === "list" && list.items.length > 0) ?? listValue([], at),
    ),
  ],
  [
    "alltrue",
    ofKnown(
      onItems((items, _, { at }) =>
        boolValue(
          items.every((item) => asBool(item, at) === true),
          at,
        ),
      ),
    ),
  ],
  [
    "anytrue",
    ofKnown(
      onItems((items, _, { at }) =>
        boolValue(
          items.some((item) => asBool(item, at) === true),
          at,
        ),
      ),
    ),
  ],
  [
    "sum",
    ofKnown(
      onItems((items, _, { at }) =>
        numberValue(
          items.reduce((sum, item) => sum + Number(asNumber(item, at)), 0),
          at,
        ),
      ),
    ),
  ],
  [
    "min",
    onNumbers((numbers, { at }) =>
      numberValue(
        numbers.reduce((least, number) => Math.min(least, number), Number.POSITIVE_INFINITY),
        at,
      ),
    ),
  ],
  [
    "max",
    onNumbers((numbers, { at }) =>
      numberValue(
        numbers.reduce((most, number) => Math.max(most, number), Number.NEGATIVE_INFINITY),
        at,
      ),
    ),
  ],
  ["abs", onNumbers(([number = 0], { at }) => numberValue(Math.abs(number), at))],
  ["ceil", onNumbers(([number = 0], { at }) => numberValue(Math.ceil(number), at))],
  ["floor", onNumbers(([number = 0], { at }) => numberValue(Math.floor(number), at))],
  ["pow", onNumbers(([base = 0, power = 0], { at }) => numberValue(base ** power, at))],
]);

function isSame(item: HclValue, value: HclValue | undefined): boolean {
  return value !== undefined && isEqual(item, value);
}

function isWritten(item: HclValue): boolean {
  return item.kind !== "null" && !(item.kind === "string" && item.text === "");
}

function itemsOrNone(list: HclValue, call: Call): readonly HclValue[] {
  const items = itemsOf(list, call);
  return isItems(items) ? items : [];
}

function lengthOf([value]: readonly HclValue[], call: Call): HclValue {
  if (value?.kind === "list") return numberValue(value.items.length, call.at);
  if (value?.kind === "object") return numberValue(value.entries.size, call.at);
  if (value?.kind !== "string") return faultValue("length needs a list, an object or text", call.at);
  const open = unknownWithin(value);
  return open === null ? numberValue(Array.from(value.text).length, call.at) : unknownCall(open, call);
}

function concat(args: readonly HclValue[], call: Call): HclValue {
  const items: HclValue[] = [];
  for (const argument of args) {
    const more = itemsOf(argument, call);
    if (!isItems(more)) return more;
    if (!call.scope.budget.spend(1 + more.length))
      return problemValue("This list takes too many steps to make", call.at);
    for (const item of more) items.push(item);
  }
  return listValue(items, call.at);
}

function merge(args: readonly HclValue[], { at, scope }: Call): HclValue {
  const entries = new Map<string, HclValue>();
  const keysAt = new Map<string, Span>();
  for (const argument of args) {
    if (argument.kind === "null") continue;
    if (argument.kind !== "object")
      return faultValue(`merge needs objects, not ${describeKind(argument)}`, at);
    if (!scope.budget.spend(1 + argument.entries.size))
      return problemValue("This takes too many steps to merge", at);
    for (const [key, value] of argument.entries) entries.set(key, value);
    for (const [key, span] of argument.keysAt) keysAt.set(key, span);
  }
  return objectValue(entries, args.find((argument) => argument.kind === "object")?.at ?? at, keysAt);
}

function lookup([map, key, otherwise]: readonly HclValue[], { at }: Call): HclValue {
  const name = key === undefined ? null : textOf(key);
  if (map?.kind !== "object" || name === null) return faultValue("lookup needs an object and a key", at);
  return map.entries.get(name) ?? otherwise ?? memberOf(map, name, at);
}

function keysOf(
  map: HclValue | undefined,
  at: HclValue["at"],
  choose: (key: string, value: HclValue) => HclValue,
): HclValue {
  if (map?.kind !== "object") return faultValue("Expected an object", at);
  const entries = [...map.entries].sort(([left], [right]) => (left < right ? -1 : 1));
  return listValue(
    entries.map(([key, value]) => choose(key, value)),
    at,
  );
}

/** Wraps around at the end of the list. */
function elementAt(items: readonly HclValue[], index: HclValue | undefined, { at }: Call): HclValue {
  const number = index === undefined ? 0 : asNumber(index, at);
  if (typeof number !== "number") return number;
  const item = items[((number % items.length) + items.length) % items.length];
  return item ?? faultValue("An empty list has no elements", at);
}

function flatten(items: readonly HclValue[]): HclValue[] {
  return items.flatMap((item) => (item.kind === "list" ? flatten(item.items) : [item]));
}

function sorted(items: readonly HclValue[]): HclValue[] {
  return items.toSorted((left, right) => ((textOf(left) ?? "") < (textOf(right) ?? "") ? -1 : 1));
}

/** Texts and numbers by their text; anything else by comparing each with each, so only in short lists. */
function distinct(items: readonly HclValue[]): HclValue[] {
  const seen = new Set<string>();
  return items.filter((item, index) => {
    const text = textOf(item);
    if (text === null) return index > 1000 || !items.slice(0, index).some((other) => isEqual(other, item));
    const key = `${item.kind} ${text}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function toSet(items: readonly HclValue[], { at }: Call): HclValue {
  return listValue(sorted(distinct(items)), at);
}

function slice(
  items: readonly HclValue[],
  [from, to]: readonly (HclValue | undefined)[],
  { at }: Call,
): HclValue {
  const start = from === undefined ? 0 : asNumber(from, at);
  const end = to === undefined ? items.length : asNumber(to, at);
  if (typeof start !== "number" || typeof end !== "number") return faultValue("slice needs two numbers", at);
  return listValue(items.slice(start, end), at);
}

function zipmap([keys, values]: readonly HclValue[], call: Call): HclValue {
  const names = itemsOf(keys, call);
  const members = itemsOf(values, call);
  if (!isItems(names)) return names;
  if (!isItems(members)) return members;
  const entries = names.map(
    (name, index) => [textOf(name) ?? "", members[index] ?? nullValue(call.at)] as const,
  );
  return objectValue(new Map(entries), call.at);
}

function range(numbers: readonly number[], { at, scope }: Call): HclValue {
  const [first = 0, second, third] = numbers;
  const start = second === undefined ? 0 : first;
  const end = second ?? first;
  const step = third ?? (end < start ? -1 : 1);
  const count = step === 0 ? Number.POSITIVE_INFINITY : Math.max(0, Math.ceil((end - start) / step));
  if (!(count <= 100_000) || !scope.budget.spend(count)) return problemValue("This range is too long", at);
  return listValue(
    Array.from({ length: count }, (_, index) => numberValue(start + index * step, at)),
    at,
  );
}

/** The first argument that is neither null nor "". */
function coalesce(args: readonly HclValue[], call: Call): HclValue {
  const found = args.find(isWritten);
  return found ?? faultValue("coalesce found only null and empty text", call.at);
}
