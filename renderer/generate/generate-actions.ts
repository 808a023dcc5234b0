/** @file Ways to the page "Generate" from elsewhere in the app. */
import { tick } from "svelte";
import { colourPhotosAtMost } from "../../contract/generation.ts";
import type { PhotoId } from "../../contract/ids.ts";
import { photosCounted } from "../shell/progress-words.ts";
import type { App } from "../state/app.svelte.ts";
import { home } from "../state/location.ts";
import { problemSentence } from "../state/problem.ts";

/** Of a search, the photos whose colours the drawing keeps to. */
const nearestLookedAt = 8;

/** Draws what was searched for, in the colours of what was found first. */
export async function paintSearch(app: App, words: string, ids: readonly PhotoId[]): Promise<void> {
	const { draft } = app.drawings;
	draft.prompt = words;
	draft.begin(null);
	const nearest = ids.slice(0, nearestLookedAt);
	await takeColours(app, nearest, nearest.length === 1 ? "the best hit" : "the best hits");
}

/** Begins with a photo of the library; the words are still to come. */
export function drawFromPhoto(app: App, id: PhotoId): void {
	const { draft } = app.drawings;
	draft.begin({ source: { kind: "photo", id }, name: nameOf(app, id), url: null });
	dropColours(app);
	goToPanel(app);
}

/** Begins with the first and keeps to the colours of all: only one can be begun with. */
export async function drawFromPhotos(app: App, ids: readonly PhotoId[]): Promise<void> {
	const [first] = ids;
	if (first === undefined) return;
	drawFromPhoto(app, first);
	if (ids.length > 1) await takeColours(app, ids, photosCounted(ids.length));
}

/** The form as a picture of the library says it was drawn. */
export async function drawAgain(app: App, id: PhotoId): Promise<void> {
	await attempt(app, async () => {
		await app.drawings.usePhoto(id);
		goToPanel(app);
	});
}

async function takeColours(app: App, ids: readonly PhotoId[], from: string): Promise<void> {
	const { draft } = app.drawings;
	dropColours(app);
	goToPanel(app);
	if (ids.length === 0) return;
	await attempt(app, async () => {
		const looked = ids.slice(0, colourPhotosAtMost);
		const { palette } = await app.host.client.generation.colours({ ids: looked });
		draft.palette = palette;
		draft.coloursFrom = from;
	});
}

/** Colours of another search or selection do not belong to this drawing; the person's own stay. */
function dropColours({ drawings: { draft } }: App): void {
	if (draft.coloursFrom === null) return;
	draft.palette = [];
	draft.coloursFrom = null;
}

function goToPanel(app: App): void {
	app.navigation.go({ ...home, place: "generate" });
}

function nameOf(app: App, id: PhotoId): string {
	return app.summaries.get(id)?.fileName ?? "a photo of yours";
}

/**
 * As `attempt`, where it may take away the very thing that has the keyboard: the next of its list gets it then,
 * else what is around it, else the page's heading.
 */
export async function attemptHere(app: App, act: () => Promise<unknown>): Promise<void> {
	const from = document.activeElement;
	const entry = from?.closest("li");
	const beside = entry?.nextElementSibling ?? entry?.previousElementSibling;
	const around = from?.closest("section");
	await attempt(app, act);
	await tick();
	if (from?.isConnected === true) return;
	const places = [
		beside?.querySelector("button:enabled"),
		around,
		document.querySelector("main h1"),
	];
	const place = places.find((one) => one?.isConnected === true);
	if (place instanceof HTMLElement) place.focus();
}

/** Runs what the person asked for and says why where it could not be done. */
export async function attempt(app: App, act: () => Promise<unknown>): Promise<void> {
	try {
		await act();
	} catch (error) {
		app.toasts.problem(problemSentence(error));
	}
}
