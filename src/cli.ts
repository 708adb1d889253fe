/** The command line: takes the arguments, gives the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  process.stderr.write(`stepfare: no such command: ${argv.join(" ")}\n`);
  return 2;
}
