/** @file Which library is meant. */
import { homedir } from "node:os";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { chooseLibraryPath, resolveGiven } from "../../cli/library-path.ts";

test("the option counts before the environment, and both are made absolute", () => {
	const environment = { AFTERIMAGE_LIBRARY: "from-environment" };
	expect(chooseLibraryPath("from-option", environment)).toBe(resolve("from-option"));
	expect(chooseLibraryPath(undefined, environment)).toBe(resolve("from-environment"));
});

test("an empty variable counts as none", () => {
	const nothing = chooseLibraryPath(undefined, {});
	expect(chooseLibraryPath(undefined, { AFTERIMAGE_LIBRARY: "" })).toBe(nothing);
	expect(nothing.toLowerCase()).toContain("afterimage");
	expect(nothing.startsWith(homedir())).toBe(true);
});

test("an empty option is a mistake, not the person's own library", () => {
	expect(() => chooseLibraryPath("", {})).toThrow("--library");
});

test.runIf(process.platform === "linux")("Linux keeps data where XDG_DATA_HOME says", () => {
	expect(chooseLibraryPath(undefined, { XDG_DATA_HOME: "/data" })).toBe("/data/afterimage");
	const ignored = chooseLibraryPath(undefined, { XDG_DATA_HOME: "relative" });
	expect(ignored).toBe(`${homedir()}/.local/share/afterimage`);
});

test("npm start resolves paths from where it was typed", () => {
	const environment = { npm_lifecycle_event: "start", INIT_CWD: resolve("/typed/here") };
	expect(resolveGiven("photos", environment)).toBe(resolve("/typed/here/photos"));
	expect(resolveGiven("photos", { ...environment, npm_lifecycle_event: "test" })).toBe(
		resolve("photos"),
	);
});
