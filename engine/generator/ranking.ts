/**
 * @file Candidates of one request, best first: by the encoder's similarity to the prompt, as DALL-E 1
 * ordered its samples with CLIP (https://arxiv.org/abs/2102.12092, section 2.6).
 */
import type { Drawing } from "../../contract/generation.ts";
import type { DrawingRecord } from "../catalogue/drawing-table.ts";

/** The picture being drawn first, then those waiting, then everything else as it was. */
export function inListOrder(records: readonly DrawingRecord[]): DrawingRecord[] {
	const drawing = records.filter(({ state }) => state === "drawing");
	return [...drawing, ...records.filter(({ state }) => state !== "drawing")];
}

/** Drawings as clients see them, each with its place among the finished ones of its request. */
export function withRanks(records: readonly DrawingRecord[]): Drawing[] {
	const scores = new Map<number, number[]>();
	for (const { request, similarity } of records) {
		if (similarity === null) continue;
		scores.set(request, [...(scores.get(request) ?? []), similarity]);
	}
	return records.map((record) => {
		const { id, request, state, settings, createdAtMs, similarity, starred } = record;
		const { problem, shortened, fileName } = record;
		const others = scores.get(request) ?? [];
		const rank =
			similarity === null ? null : 1 + others.filter((score) => score > similarity).length;
		return {
			id,
			request,
			state,
			settings,
			createdAtMs,
			similarity,
			rank,
			starred,
			problem,
			shortened,
			fileName,
		};
	});
}
