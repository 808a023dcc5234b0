/** The form of the panel: what may change of a start picture, and settings that are used again. */
import { expect, test } from "vitest";
import { type DrawingFamilyStatus, drawingSettingsSchema } from "../../contract/generation.ts";
import { drawingIdSchema, photoIdSchema } from "../../contract/ids.ts";
import { changingInWords, percentInWords } from "../../renderer/generate/generate-words.ts";
import { type DraftMask, DrawingDraft } from "../../renderer/state/drawing-draft.svelte.ts";
import { maskParts, partOf, usedPart, withoutLast } from "../../renderer/state/mask-marks.ts";

const photo = {
	source: { kind: "photo", id: photoIdSchema.parse(3) },
	name: "dahlia.jpg",
	url: null,
} as const;
const mask: DraftMask = { marks: [{ kind: "invert" }], source: null, startAspect: 1.5 };
const family = (heeds: { start: boolean; mask: boolean }): DrawingFamilyStatus => ({
	family: "guided",
	title: "Guided",
	sentence: "",
	missing: null,
	packages: [],
	limits: {
		steps: { default: 4, min: 1, max: 9 },
		size: { width: 64, height: 64 },
		sideMin: 64,
		sideMax: 1024,
		sideMultiple: 8,
		promptMaxCharacters: 1000,
		heeds: { palette: true, negativePrompts: true, ...heeds },
		guidance: null,
		sampling: null,
		candidates: null,
	},
});

test.each([
	[1.5, 1, { x: 0.25, y: 0, width: 1, height: 1 }],
	[0.5, 1, { x: 0, y: 0.25, width: 0.5, height: 0.5 }],
	[2, 2, { x: 0, y: 0, width: 2, height: 1 }],
])(
	"of a start picture of shape %d a drawing of shape %d uses the middle",
	(start, drawing, part) => {
		expect(usedPart(start, drawing)).toEqual(part);
	},
);

test("every part that can be chosen lies in what is drawn, and halves are halves", () => {
	const used = usedPart(1.5, 1);
	const areas = maskParts.map((part) => {
		const { x, y, width, height } = partOf(used, part);
		expect(x).toBeGreaterThanOrEqual(used.x);
		expect(x + width).toBeLessThanOrEqual(used.x + used.width);
		expect(y + height).toBeLessThanOrEqual(1);
		return (width * height) / (used.width * used.height);
	});
	expect(areas).toEqual([1, 0.5, 0.5, 0.5, 0.5, 0.25]);
	expect(withoutLast([{ kind: "clear" }, { kind: "invert" }])).toEqual([{ kind: "clear" }]);
	expect(withoutLast([])).toEqual([]);
});

test("what is marked is meant to become something else, unless a strength was chosen", () => {
	const draft = new DrawingDraft();
	draft.begin(photo);
	expect(draft.settings(family({ start: true, mask: true }))).toMatchObject({
		strength: 0.6,
		masked: false,
	});
	draft.keep(mask);
	expect(draft.settings(family({ start: true, mask: true }))).toMatchObject({
		strength: 0.9,
		masked: true,
	});
	draft.keep(null);
	expect(draft.strength).toBe(0.6);
	draft.strength = 0.3;
	draft.keep(mask);
	expect(draft.strength).toBe(0.3);
});

test("what a family cannot use is not sent, and another start picture takes the mask away", () => {
	const draft = new DrawingDraft();
	draft.begin(photo);
	draft.keep(mask);
	const without = { strength: null, masked: false };
	expect(draft.settings(family({ start: false, mask: false }))).toMatchObject(without);
	expect(draft.settings(family({ start: true, mask: false }))).toMatchObject({ masked: false });
	draft.begin({ ...photo, name: "grass.jpg" });
	expect(draft.mask).toBeNull();
});

test("settings used again are sent as they were; where their pictures are gone, that is said instead", () => {
	const settings = drawingSettingsSchema.parse({
		family: "guided",
		prompts: [{ text: "a boat", weight: 0.7 }],
		seed: 3,
		width: 64,
		height: 64,
		steps: 2,
		palette: [],
		canvas: null,
		finish: null,
		strength: 0.9,
		masked: true,
	});
	const id = drawingIdSchema.parse(4);
	const start = { source: { kind: "start-of", id }, name: "its start picture", url: "" } as const;
	const own: DraftMask = { ...mask, source: { kind: "mask-of", id } };
	const draft = new DrawingDraft();
	const status = family({ start: true, mask: true });
	draft.use(settings, { start, mask: own });
	expect(draft.lacks).toBeNull();
	expect(draft.settings(status)).toBe(settings);
	draft.keep({ ...own, source: null });
	expect(draft.settings(status)).not.toBe(settings);
	draft.use(settings, { start, mask: null });
	expect(draft.lacks).toMatch(/is not known any more; all of it may change/);
	expect(draft.settings(status).masked).toBe(false);
	draft.use(settings, { start: null, mask: null });
	expect(draft.lacks).toMatch(/not there any more; what is drawn now begins without one/);
	expect(draft.settings(status).strength).toBeNull();
});

test("a share is told plainly, and never as none or all where it is neither", () => {
	expect([0.004, 0.5, 0.998].map(percentInWords)).toEqual([
		"Less than 1 %",
		"50 %",
		"More than 99 %",
	]);
	expect(changingInWords(0)).toMatch(/Nothing is marked/);
	expect(changingInWords(1)).toMatch(/All of it is marked/);
});
