/** `explain` shows the page of a rule or a diagnostic, or lists them all. */
import pages from "../../docs/explained.md";
import { renderPage, renderPageList } from "../render/page-text.ts";
import type { Shell } from "../shell.ts";
import { UserError } from "../user-error.ts";
import { didYouMean } from "../workflow/did-you-mean.ts";

const WIDTH_OF_A_PIPE = 100;

/** Throws a UserError `unknown-code` for a code without a page. */
export async function runExplain(shell: Shell, code: string | null): Promise<0> {
  const { columns, colour } = shell.stdout;
  const options = { columns: columns ?? WIDTH_OF_A_PIPE, colour };
  if (code === null) {
    await shell.stdout.write(renderPageList(pages, options));
    return 0;
  }
  const page = pages.find(({ id }) => id === code);
  if (page === undefined) {
    const known = pages.map(({ id }) => id);
    throw new UserError(
      "unknown-code",
      `There is no rule or diagnostic ${JSON.stringify(code)}.`,
      didYouMean(code, known) ?? "stepfare explain lists them all.",
    );
  }
  await shell.stdout.write(renderPage(page.text, options));
  return 0;
}
