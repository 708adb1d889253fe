/** Writes docs/explained.md anew from the pages there are. */
import { writeFile } from "node:fs/promises";
import { indexFile, indexText, readPages } from "./explained-pages.js";

await writeFile(indexFile, indexText(await readPages()));
