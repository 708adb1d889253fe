/** Schema parts are what the schema of a workload file is put together from: values read by parsers, names, groups of keys. */
import * as z from "zod";
import { didYouMean } from "../did-you-mean.ts";
import { quoted } from "./quantity.ts";
import type { Parsed } from "./quantity.ts";

/** JSON Schema of what a reader accepts; the generator copies it, because a reader is code. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** For each schema that reads a map: the schema of its values, for the generator. */
export const mapValueSchemas = new WeakMap<object, z.ZodType>();

/** Files are read once: to compile a checker of them first takes longer than to check one without. */
export const READ_ONCE = { reportInput: true, jitless: true } as const;

/** A value read by a parser of its own, which also words the error. */
export function readBy<T>(parse: (written: unknown) => Parsed<T>, json: JsonSchema) {
  return z
    .unknown()
    .transform((written, context) => {
      const parsed = parse(written);
      if (parsed.ok) return parsed.value;
      context.issues.push({ code: "custom", message: parsed.problem, input: written });
      return z.NEVER;
    })
    .meta(json);
}

/** Any names on the left, one schema on the right. Unlike a record it keeps `__proto__`, which may be a state's name. */
export function mapOf<T extends z.ZodType>(values: T) {
  const schema = z
    .unknown()
    .transform((written, context): ReadonlyMap<string, z.output<T>> => {
      const read = new Map<string, z.output<T>>();
      if (typeof written !== "object" || written === null || Array.isArray(written)) {
        const message = `${quoted(written)} stands where names belong: write a group of name: value`;
        context.issues.push({ code: "custom", message, input: written });
        return read;
      }
      for (const [name, value] of Object.entries(written)) {
        const parsed = values.safeParse(value, READ_ONCE);
        if (parsed.success) read.set(name, parsed.data);
        else {
          for (const issue of parsed.error.issues) {
            const path = [name, ...issue.path];
            context.issues.push({ ...issue, path, input: issue.input } as (typeof context.issues)[number]);
          }
        }
      }
      return read;
    })
    .meta({ type: "object" });
  mapValueSchemas.set(schema, values);
  return schema;
}

/** A group of known keys. An unknown one is an error; with several, the message has a line for each, in their order. */
export function group<T extends z.core.$ZodLooseShape>(shape: T) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => unknownKey(key, known)).join("\n")
        : undefined,
  });
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = didYouMean(key, known);
  return `${quoted(key)} is no key here${meant ? `. ${meant}` : `: write one of ${known.join(", ")}`}`;
}

/** Readers trim what they are given. */
export function textMatching(pattern: RegExp): JsonSchema {
  return { type: "string", pattern: pattern.source.replace(/^\^/, "^\\s*").replace(/\$$/, "\\s*$") };
}

export const NOT_NEGATIVE: JsonSchema = { type: "number", minimum: 0 };
