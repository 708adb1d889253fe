/** An HCL function is one of Terraform's pure functions: values in, a value out, never an exception. */
import { asNumber, unknownCall } from "./hcl-evaluation.ts";
import type { Call } from "./hcl-scope.ts";
import { placeholderText } from "./hcl-template-value.ts";
import { describeKind, faultValue, stringValue, textOf, unknownWithin } from "./hcl-value.ts";
import type { HclValue } from "./hcl-value.ts";

export type HclFunction = (args: readonly HclValue[], call: Call) => HclValue;

/** Needs every part of its arguments: one unknown part makes the result unknown. */
export function ofKnown(run: HclFunction): HclFunction {
  return (args, call) => {
    for (const argument of args) {
      const open = unknownWithin(argument);
      if (open !== null) return unknownCall(open, call);
    }
    return run(args, call);
  };
}

/** Looks only at the outside of its arguments: what lists and objects hold may be unknown. */
export function ofShape(run: HclFunction): HclFunction {
  return (args, call) => {
    const open = args.find((argument) => argument.kind === "unknown");
    return open === undefined ? run(args, call) : unknownCall(open, call);
  };
}

/** Works on text and carries placeholders of unknown values along in it. */
export function ofText(run: HclFunction): HclFunction {
  return (args, call) => {
    const failed = args.find((argument) => argument.kind === "unknown" && argument.problem !== null);
    if (failed?.kind === "unknown") return unknownCall(failed, call);
    const filled = args.map((argument) =>
      argument.kind === "unknown" ? placeholderText(argument, call.at) : argument,
    );
    return run(filled, call);
  };
}

/** Runs on texts, and numbers and booleans as their texts. */
export function onTexts(run: (texts: readonly string[], call: Call) => string | HclValue): HclFunction {
  return (args, call) => {
    const texts: string[] = [];
    for (const argument of args) {
      const text = textOf(argument);
      if (text === null) return faultValue(`Expected text, not ${describeKind(argument)}`, call.at);
      texts.push(text);
    }
    const result = run(texts, call);
    const isOpen = args.some((argument) => argument.kind === "string" && argument.isOpen);
    return typeof result === "string" ? stringValue(result, call.at, isOpen) : result;
  };
}

/** Runs on numbers, and texts of numbers. */
export function onNumbers(run: (numbers: readonly number[], call: Call) => HclValue): HclFunction {
  return ofKnown((args, call) => {
    const numbers: number[] = [];
    for (const argument of args) {
      const number = asNumber(argument, call.at);
      if (typeof number !== "number") return number;
      numbers.push(number);
    }
    return run(numbers, call);
  });
}

/** Elements of a list; else the fault. */
export function itemsOf(value: HclValue | undefined, { at }: Call): readonly HclValue[] | HclValue {
  if (value?.kind === "list") return value.items;
  if (value?.kind === "object") return [...value.entries.values()];
  return faultValue(`Expected a list, not ${value === undefined ? "nothing" : describeKind(value)}`, at);
}

/** Runs on the elements of the first argument. */
export function onItems(
  run: (items: readonly HclValue[], args: readonly HclValue[], call: Call) => HclValue,
): HclFunction {
  return (args, call) => {
    const items = itemsOf(args[0], call);
    return isItems(items) ? run(items, args.slice(1), call) : items;
  };
}

export function isItems(found: readonly HclValue[] | HclValue): found is readonly HclValue[] {
  return Array.isArray(found);
}
