/** An imported Markdown index is the pages that it lists: the build and the tests read them in. */
declare module "*.md" {
  const pages: readonly {
    readonly kind: "rule" | "diagnostic";
    /** The rule's id, or the diagnostic's code. */
    readonly id: string;
    readonly title: string;
    /** Markdown. */
    readonly text: string;
  }[];
  export default pages;
}
