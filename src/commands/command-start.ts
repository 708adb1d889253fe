/** A command's start is its handler's part: what it is going to do is told, and done after the command line is read. */

/** What the work says is the exit code. */
export type Started = (work: () => Promise<number>) => void;
