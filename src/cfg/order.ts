interface Numbered<B> {
  id: number;
  readonly successors: readonly { readonly to: B }[];
}

/** Numbers blocks in reverse post-order from the entry; the exit and unreachable blocks follow. Iterative: bodies can be huge. */
export function inReversePostOrder<B extends Numbered<B>>(entry: B, blocks: readonly B[]): B[] {
  const postOrder: B[] = [];
  const seen = new Set<B>([entry]);
  const stack: { block: B; next: number }[] = [{ block: entry, next: 0 }];
  while (stack.length > 0) {
    const top = stack[stack.length - 1]!;
    const edge = top.block.successors[top.next++];
    if (!edge) {
      postOrder.push(top.block);
      stack.pop();
    } else if (!seen.has(edge.to)) {
      seen.add(edge.to);
      stack.push({ block: edge.to, next: 0 });
    }
  }
  const ordered = postOrder.reverse();
  for (const block of blocks) if (!seen.has(block)) ordered.push(block);
  ordered.forEach((block, id) => (block.id = id));
  return ordered;
}
