/** The page app is a report page's own script: tables sort, drawings move, a state tells what it costs. */
import { startGraphs } from "./graph-view.ts";
import { startMachines } from "./machine-view.ts";
import { startLinks } from "./open-target.ts";
import { openForPrint } from "./paper.ts";
import { startTables } from "./sorted-table.ts";
import { readPageData } from "./page-data.ts";

document.documentElement.classList.add("js");
const data = readPageData();
if (data.monthly !== undefined) startMachines(data.monthly);
startTables(document.body);
startGraphs(data, document.body);
openForPrint();
startLinks();
