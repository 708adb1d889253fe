/** A YAML dialect is what texts of one kind hold beside plain YAML. */
import type { ValueNode } from "./value-node.ts";

export interface YamlDialect {
  /** The key that a short tag such as `!Sub` stands for; null when it stands for none. */
  functionOfTag(tag: string): string | null;
  /** What a tagged value is, spelled out. */
  spellOut(name: string, argument: ValueNode, pointer: string): ValueNode;
  /** Whether lines in brackets and quotes may be indented less than YAML 1.2 asks for. */
  readonly takesAnyIndent: boolean;
  /** Whether the line at `at`, which begins in this column, is no part of YAML and is passed over. */
  isStrayLine(text: string, at: number, column: number): boolean;
  /** How many lines of a text may be passed over. */
  mostStrayLines(text: string): number;
}

/** Nothing else. */
export const PLAIN_YAML: YamlDialect = {
  functionOfTag: () => null,
  spellOut: (_name, argument) => argument,
  takesAnyIndent: false,
  isStrayLine: () => false,
  mostStrayLines: () => 0,
};
