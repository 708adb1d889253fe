/** Knob words are a knob's value as a reader writes it, by the same words that stepfare.yml takes. */
import type { Parsed } from "../workflow/workload/quantity.ts";
import {
  parseCount,
  parseRate,
  parseRounds,
  parseShare,
  parseSizeKB,
} from "../workflow/workload/quantity.ts";
import { parseDurationMs } from "../workflow/workload/duration.ts";
import type { Knob } from "./knobs.ts";

export function parseKnob(unit: Knob["unit"], words: string): Parsed<number> {
  const written = words.trim().replaceAll(/(?<=\d),(?=\d{3})/g, "");
  switch (unit) {
    case "rate":
      return parseRate(written);
    case "count":
      return parseCount(written);
    case "rounds":
      return parseRounds(written);
    case "share":
      return parseShare(written);
    case "KB":
      return parseSizeKB(written);
    case "ms":
      return parseDurationMs(written);
  }
}

export function knobWords(unit: Knob["unit"], value: number | null): string {
  if (value === null) return "";
  const digits = (number: number): string =>
    number.toLocaleString("en-US", {
      maximumSignificantDigits: 6,
      useGrouping: unit === "rate" || unit === "count",
    });
  if (unit === "share") return `${digits(value * 100)}%`;
  if (unit !== "ms") return digits(value);
  const [name, size] = (
    [
      ["h", 3_600_000],
      ["m", 60_000],
      ["s", 1000],
    ] as const
  ).find(([, each]) => value >= each) ?? ["ms", 1];
  return `${digits(value / size)}${name}`;
}

const STEPS = 1000;
/** A slider reaches from a hundredth of where it began to a hundred times that. */
const REACH = 100;

/** Where a slider of `STEPS` stands. Shares run evenly, the others by proportion. */
export function sliderOf(unit: Knob["unit"], value: number, began: number): number {
  if (unit === "share") return Math.round(value * STEPS);
  const part = Math.log(Math.max(value, 1e-12) / began) / Math.log(REACH);
  return Math.round(STEPS * Math.min(1, Math.max(0, (part + 1) / 2)));
}

/** Two digits: nobody knows more who moves a slider. */
export function valueOfSlider(unit: Knob["unit"], slider: number, began: number): number {
  if (unit === "share") return slider / STEPS;
  const value = Number((began * REACH ** ((2 * slider) / STEPS - 1)).toPrecision(2));
  return unit === "rounds" ? Math.max(1, value) : value;
}
