/** @file Made-up photos: many painted ones, or the few of a development folder. */

export interface SourcePhoto {
	readonly fileName: string;
	readonly width: number;
	readonly height: number;
	readonly takenAtMs: number;
	readonly url: string;
}

export interface PhotoSource {
	readonly count: number;
	photo(index: number): SourcePhoto;
}

const newestMs = Date.UTC(2026, 9, 30, 12);
const shapes = [1.5, 1.333, 0.667, 1.5, 0.75, 1.778, 1.5, 1, 1.333, 2.6] as const;

/** Any number of photos over `count` small painted pictures, from 2026 back to about 2008. */
export async function syntheticPhotos(count: number): Promise<PhotoSource> {
	const pictures = await Promise.all(Array.from({ length: 48 }, (_, index) => paint(index)));
	const stepMs = (18 * 365 * 86_400_000) / Math.max(count, 500);
	return {
		count,
		photo: (index) => {
			const picture = pictures[(index * 7 + (index >> 3)) % pictures.length];
			if (picture === undefined) throw new Error("No picture was painted.");
			return {
				fileName: `IMG_${String(10_000 + index)}.jpg`,
				width: picture.width * 12,
				height: picture.height * 12,
				takenAtMs: newestMs - index * stepMs,
				// The fragment makes every photo's URL its own.
				url: `${picture.url}#${index}`,
			};
		},
	};
}

interface Painted {
	readonly url: string;
	readonly width: number;
	readonly height: number;
}

/** A landscape of sky, sun and hills in JPEG, as a thumbnail would be. */
async function paint(seed: number): Promise<Painted> {
	const aspect = shapes[seed % shapes.length] ?? 1.5;
	const height = Math.round(360 / Math.max(1, aspect / 1.5));
	const width = Math.round(height * aspect);
	const canvas = new OffscreenCanvas(width, height);
	const context = canvas.getContext("2d");
	if (context === null) throw new Error("This browser cannot paint.");
	const hue = (seed * 47) % 360;
	const sky = context.createLinearGradient(0, 0, 0, height);
	sky.addColorStop(0, `hsl(${hue} 35% 42%)`);
	sky.addColorStop(1, `hsl(${(hue + 40) % 360} 55% 78%)`);
	context.fillStyle = sky;
	context.fillRect(0, 0, width, height);
	context.fillStyle = `hsl(${(hue + 60) % 360} 80% 88%)`;
	context.beginPath();
	context.arc(width * (0.2 + ((seed * 13) % 60) / 100), height * 0.35, height * 0.08, 0, 7);
	context.fill();
	for (let hill = 0; hill < 4; hill += 1) {
		context.fillStyle = `hsl(${(hue + 160 + hill * 14) % 360} 28% ${46 - hill * 10}%)`;
		context.beginPath();
		context.moveTo(0, height);
		for (let x = 0; x <= width; x += 4) {
			const wave = Math.sin(x / (26 + hill * 9) + seed + hill * 2) * 12 * (hill + 1) * 0.7;
			context.lineTo(x, height * (0.5 + hill * 0.13) + wave);
		}
		context.lineTo(width, height);
		context.fill();
	}
	const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 });
	return { url: URL.createObjectURL(blob), width, height };
}

/** The photos the development server was told of. */
export async function realPhotos(): Promise<PhotoSource> {
	const list: { name: string; width: number; height: number }[] = await (
		await fetch("/development-photos.json")
	).json();
	return {
		count: list.length,
		photo: (index) => {
			const photo = list[index];
			if (photo === undefined) throw new Error(`There is no photo ${index}.`);
			return {
				fileName: photo.name.split("/").at(-1) ?? photo.name,
				width: photo.width,
				height: photo.height,
				takenAtMs: newestMs - index * 3_600_000 * 40,
				url: `/development-photos/${encodeURIComponent(photo.name)}`,
			};
		},
	};
}
