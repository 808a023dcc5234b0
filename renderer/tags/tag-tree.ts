/** @file Tags as a tree: what is below what, summed up, and what of it is open. */
import type { TagId } from "../../contract/ids.ts";
import type { Tag } from "../../contract/tag.ts";

/** A tag with those below it. */
export interface TagNode {
	readonly tag: Tag;
	readonly children: readonly TagNode[];
	/** Suggestions of it and of all below it. A photo with two of them counts twice. */
	readonly suggestedBelow: number;
}

/** The tree of a list by path; the order of siblings is kept. */
export function treeOf(tags: readonly Tag[]): TagNode[] {
	const below = new Map<TagId | null, Tag[]>();
	const known = new Set(tags.map(({ id }) => id));
	for (const tag of tags) {
		const parent = tag.parentId !== null && known.has(tag.parentId) ? tag.parentId : null;
		const siblings = below.get(parent);
		if (siblings === undefined) below.set(parent, [tag]);
		else siblings.push(tag);
	}
	const nodeOf = (tag: Tag): TagNode => {
		const children = (below.get(tag.id) ?? []).map(nodeOf);
		const suggestedBelow = children.reduce((sum, child) => sum + child.suggestedBelow, 0);
		return { tag, children, suggestedBelow: tag.suggested + suggestedBelow };
	};
	return (below.get(null) ?? []).map(nodeOf);
}

/** A row of the tree on screen. */
export interface TagRow {
	readonly node: TagNode;
	/** From 1. */
	readonly level: number;
	/** Its place among its siblings, from 1, and how many they are. */
	readonly position: number;
	readonly siblings: number;
	readonly parentId: TagId | null;
}

/** The rows that can be seen: children only of what is open. */
export function visibleRows(
	roots: readonly TagNode[],
	open: ReadonlySet<TagId>,
	level = 1,
	parentId: TagId | null = null,
): TagRow[] {
	return roots.flatMap((node, index) => {
		const row = { node, level, position: index + 1, siblings: roots.length, parentId };
		if (!open.has(node.tag.id)) return [row];
		return [row, ...visibleRows(node.children, open, level + 1, node.tag.id)];
	});
}

/** Only tags with this in their path, and what they are below of. All of them without anything typed. */
export function matching(tags: readonly Tag[], typed: string): readonly Tag[] {
	const wanted = typed.trim().toLocaleLowerCase();
	if (wanted === "") return tags;
	const kept = new Set<TagId>();
	const byId = new Map(tags.map((tag) => [tag.id, tag]));
	for (const tag of tags) {
		if (!tag.path.toLocaleLowerCase().includes(wanted)) continue;
		let at: Tag | undefined = tag;
		while (at !== undefined && !kept.has(at.id)) {
			kept.add(at.id);
			at = at.parentId === null ? undefined : byId.get(at.parentId);
		}
	}
	return tags.filter(({ id }) => kept.has(id));
}
