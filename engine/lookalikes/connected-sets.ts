/** @file Pairs to sets: everything that hangs together, directly or through others (union-find). */

/** @returns every set once, its members in the order in which they were first named */
export function connectedSets<Item>(pairs: Iterable<readonly [Item, Item]>): Item[][] {
	const parents = new Map<Item, Item>();
	const rootOf = (item: Item): Item => {
		let root = item;
		for (let next = parents.get(root); next !== undefined && next !== root; ) {
			root = next;
			next = parents.get(root);
		}
		parents.set(item, root);
		return root;
	};
	for (const [one, other] of pairs) {
		const [rootOfOne, rootOfOther] = [rootOf(one), rootOf(other)];
		if (rootOfOne !== rootOfOther) parents.set(rootOfOther, rootOfOne);
	}
	const sets = new Map<Item, Item[]>();
	for (const item of [...parents.keys()]) {
		const root = rootOf(item);
		const set = sets.get(root);
		if (set === undefined) sets.set(root, [item]);
		else set.push(item);
	}
	return [...sets.values()];
}
