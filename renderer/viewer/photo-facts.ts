/** @file A photo's facts in words: camera, lens, exposure, size. Null where the photo is silent. */

/** The part of a photo's detail that tells how it was exposed. */
export interface Exposure {
	aperture: number | null;
	exposureSeconds: number | null;
	iso: number | null;
	focalLengthMm: number | null;
}

/** Such as `ƒ/2.8 · 1/250 s · ISO 200 · 35 mm`; parts that are not known are left out. */
export function exposureInWords(exposure: Exposure): string | null {
	const parts = [
		positive(exposure.aperture) ? `ƒ/${shortNumber(exposure.aperture)}` : null,
		positive(exposure.exposureSeconds) ? shutterInWords(exposure.exposureSeconds) : null,
		positive(exposure.iso) ? `ISO ${Math.round(exposure.iso)}` : null,
		positive(exposure.focalLengthMm) ? `${shortNumber(exposure.focalLengthMm)} mm` : null,
	].filter((part) => part !== null);
	return parts.length === 0 ? null : parts.join(" · ");
}

/** As cameras write it: `1/250 s`, `0.4 s`, `2.5 s`, `30 s`. */
export function shutterInWords(seconds: number): string {
	if (seconds >= 0.35) return `${shortNumber(seconds)} s`;
	return `1/${Math.round(1 / seconds)} s`;
}

/** Maker and model in one, without saying the maker twice (`Canon`, `Canon EOS 5D`). */
export function cameraInWords(make: string | null, model: string | null): string | null {
	const maker = make?.trim() ?? "";
	const name = model?.trim() ?? "";
	if (name === "") return maker === "" ? null : maker;
	if (maker === "") return name;
	const firstWord = maker.split(/\s+/)[0] ?? maker;
	const said = name.toLowerCase().startsWith(firstWord.toLowerCase());
	return said ? name : `${maker} ${name}`;
}

/** Below this a count of megapixels says nothing. */
const leastMegapixels = 0.1;

/** Such as `4032 × 3024 · 12.2 megapixels`; null while the size is not known. */
export function dimensionsInWords(width: number, height: number): string | null {
	if (width <= 0 || height <= 0) return null;
	const megapixels = (width * height) / 1_000_000;
	if (megapixels < leastMegapixels) return `${width} × ${height}`;
	const shown = megapixels >= 100 ? Math.round(megapixels).toString() : shortNumber(megapixels);
	return `${width} × ${height} · ${shown} ${shown === "1" ? "megapixel" : "megapixels"}`;
}

/** Such as `812 bytes`, `34 KB`, `2.4 MB`, in thousands as file managers count. */
export function byteSizeInWords(bytes: number): string {
	if (bytes < 1000) return bytes === 1 ? "1 byte" : `${Math.max(0, Math.round(bytes))} bytes`;
	const units = ["KB", "MB", "GB", "TB"];
	let value = bytes / 1000;
	let unit = 0;
	while (value >= 999.5 && unit < units.length - 1) {
		value /= 1000;
		unit += 1;
	}
	return `${value < 9.95 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** `relativePath` without its last part: the folder inside the library folder, or null at its top. */
export function folderInside(relativePath: string): string | null {
	const cut = relativePath.lastIndexOf("/");
	return cut <= 0 ? null : relativePath.slice(0, cut);
}

function positive(value: number | null): value is number {
	return value !== null && Number.isFinite(value) && value > 0;
}

/** At most one decimal, and none when it is zero. */
function shortNumber(value: number): string {
	return value.toFixed(1).replace(/\.0$/, "");
}
