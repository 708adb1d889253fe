/** A palette is the few colours a terminal report uses, or none of them. */
import picocolors from "picocolors";

export type Paint = (text: string) => string;

export interface Palette {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly warn: Paint;
  readonly name: Paint;
}

export function mixPalette(colour: boolean): Palette {
  const { bold, dim, green, red, yellow, cyan } = picocolors.createColors(colour);
  return { bold, dim, good: green, bad: red, warn: yellow, name: cyan };
}
