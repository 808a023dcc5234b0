/** @file Single tags: found by path or id, made with their ancestors. Inside transactions of this folder. */
import type { TagId } from "../../contract/ids.ts";
import type { TagOrigin } from "../../contract/tag.ts";
import type { Connection } from "./connection.ts";
import { tagKey } from "./file-tags.ts";

/** A tag's own row. */
export interface TagRecord {
	id: TagId;
	path: string;
	origin: TagOrigin;
}

/** Statements prepared once; see [Note: Synchronous queries]. */
export function tagRows(connection: Connection) {
	const insert = connection.prepare(
		"insert into tags (path, path_key, origin) values (?, ?, ?) on conflict do nothing",
	);
	const byKey = connection.prepare<TagRecord>(
		"select id, path, origin from tags where path_key = ?",
	);
	const byId = connection.prepare<TagRecord>("select id, path, origin from tags where id = ?");
	const adopt = connection.prepare(
		"update tags set origin = 'person' where id = ? and origin = 'vocabulary'",
	);
	// Parents before children.
	const family = connection.prepare<TagRecord>(
		`select id, path, origin from tags
		where path_key = ?1 or substr(path_key, 1, length(?1) + 1) = ?1 || '/' order by length(path_key)`,
	);
	return {
		get: (id: TagId) => byId.get(id),
		withPath: (path: string) => byKey.get(tagKey(path)),
		/** The tag and all below it, parents first. */
		family: (path: string) => family.all(tagKey(path)),
		/** From now on it is one of the person's. */
		adopt: (id: TagId) => void adopt.run(id),
		/** Made with its ancestors where it is new; a vocabulary's becomes the person's when they name it. */
		ensure(path: string, origin: TagOrigin): TagId {
			const parts = path.split("/");
			let id: TagId | undefined;
			for (let count = 1; count <= parts.length; count += 1) {
				const part = parts.slice(0, count).join("/");
				insert.run(part, tagKey(part), origin);
				id = byKey.get(tagKey(part))?.id;
				if (id !== undefined && origin === "person") adopt.run(id);
			}
			if (id === undefined) throw new Error("the database did not return the tag it added");
			return id;
		},
	};
}
