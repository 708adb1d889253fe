/** A palette is the few colours a terminal report uses, or none of them. */
import styles, { type CSPair } from "ansi-styles";

export type Paint = (text: string) => string;

export interface Palette {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly warn: Paint;
  readonly name: Paint;
}

const asIs: Paint = (text) => text;

/** Who asks says whether there is colour: packages that look for themselves load Node's streams for it. */
export function mixPalette(colour: boolean): Palette {
  const paint = ({ open, close }: CSPair): Paint => (colour ? (text) => open + text + close : asIs);
  return {
    bold: paint(styles.bold),
    dim: paint(styles.dim),
    good: paint(styles.green),
    bad: paint(styles.red),
    warn: paint(styles.yellow),
    name: paint(styles.cyan),
  };
}
