/**
 * Strongly connected components by Tarjan's algorithm (1972), iterative, so that a chain of 100,000 states
 * does not overflow the stack. O(states + edges).
 */
export interface Components {
  /** Component of each node; components are numbered in topological order (an edge never leads to a smaller number). */
  readonly of: Int32Array;
  /** Nodes of each component. */
  readonly members: readonly (readonly number[])[];
}

export function stronglyConnected(successors: readonly (readonly number[])[]): Components {
  const n = successors.length;
  const order = new Int32Array(n).fill(-1);
  const low = new Int32Array(n);
  const onStack = new Uint8Array(n);
  const next = new Int32Array(n);
  const reversed: number[][] = [];
  const stack: number[] = [];
  let visited = 0;

  const enter = (node: number): void => {
    order[node] = low[node] = visited++;
    onStack[node] = 1;
    stack.push(node);
  };

  for (let root = 0; root < n; root++) {
    if (order[root] !== -1) continue;
    const path = [root];
    enter(root);
    while (path.length > 0) {
      const node = path.at(-1)!;
      const to = successors[node]![next[node]!++];
      if (to === undefined) {
        path.pop();
        const parent = path.at(-1);
        if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[node]!);
        if (low[node] === order[node]) reversed.push(popComponent(stack, onStack, node));
      } else if (order[to] === -1) {
        path.push(to);
        enter(to);
      } else if (onStack[to] === 1) {
        low[node] = Math.min(low[node]!, order[to]!);
      }
    }
  }

  const members = reversed.reverse();
  const of = new Int32Array(n);
  members.forEach((nodes, component) => nodes.forEach((node) => (of[node] = component)));
  return { of, members };
}

function popComponent(stack: number[], onStack: Uint8Array, root: number): number[] {
  const component: number[] = [];
  for (;;) {
    const node = stack.pop()!;
    onStack[node] = 0;
    component.push(node);
    if (node === root) return component.reverse();
  }
}
