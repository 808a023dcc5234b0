/** @file The one table of keys serves both the handler and the sheet. */
import { describe, expect, it } from "vitest";
import { commandOf, keyCaption, shortcuts } from "../../renderer/shortcuts/shortcuts.ts";

const press = (
	key: string,
	modifiers: { ctrlKey?: boolean; metaKey?: boolean; altKey?: boolean } = {},
) => ({
	key,
	ctrlKey: false,
	metaKey: false,
	altKey: false,
	...modifiers,
});

describe("the table of keys", () => {
	it("gives no key two commands", () => {
		const keys = shortcuts.filter(({ command }) => command !== null).flatMap(({ keys }) => keys);
		expect(new Set(keys).size).toBe(keys.length);
	});

	it("names no key twice within a part of the app", () => {
		for (const group of ["Anywhere", "Search box", "Search results", "Grid", "Viewer"]) {
			const keys = shortcuts.filter((one) => one.group === group).flatMap(({ keys }) => keys);
			expect(new Set(keys).size).toBe(keys.length);
		}
	});

	it("reaches every command by each of its keys", () => {
		for (const { command, keys } of shortcuts) {
			if (command === null) continue;
			for (const key of keys) {
				const plain = key.replace("Mod+", "");
				expect(commandOf(press(plain, { ctrlKey: key !== plain }), false)).toBe(command);
				expect(commandOf(press(plain, { metaKey: key !== plain }), false)).toBe(command);
			}
		}
	});

	it("leaves letters and editing keys to a field that is typed in", () => {
		for (const key of ["s", "/", "?", "-", "o", "["])
			expect(commandOf(press(key), true)).toBeNull();
		expect(commandOf(press("a", { ctrlKey: true }), true)).toBeNull();
		expect(commandOf(press("z", { metaKey: true }), true)).toBeNull();
		expect(commandOf(press("Escape"), true)).toBe("step-back");
		expect(commandOf(press("f", { ctrlKey: true }), true)).toBe("focus-search");
		expect(commandOf(press("s", { ctrlKey: true }), true)).toBe("save-search");
	});

	it("leaves keys with Alt, and unknown ones, alone", () => {
		expect(commandOf(press("s", { altKey: true }), false)).toBeNull();
		expect(commandOf(press("q", { ctrlKey: true }), false)).toBeNull();
		expect(commandOf(press("q"), false)).toBeNull();
	});

	it("writes keys as they are on the keyboard", () => {
		expect(keyCaption("Mod+a", false)).toBe("Ctrl+A");
		expect(keyCaption("Mod+a", true)).toBe("⌘+A");
		expect(keyCaption("+", false)).toBe("+");
		expect(keyCaption("ArrowLeft", false)).toBe("←");
	});
});
