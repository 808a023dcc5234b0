/**
 * @file The outline of the world's land as one SVG path, made once from Natural Earth's public-domain
 * land at 1:110,000,000. It comes with the page: no map server is ever asked.
 */
import type { MultiPolygon, Polygon } from "geojson";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";

let outline: Promise<string> | null = null;

/** Path data with x in degrees east and y in degrees south, to one decimal. Loaded on first use. */
export function landOutline(): Promise<string> {
	outline ??= import("world-atlas/land-110m.json").then((module) => {
		const topology = module.default as unknown as Topology<{ land: GeometryCollection }>;
		const collection = feature(topology, topology.objects.land);
		return collection.features
			.map((land) =>
				land.geometry.type === "Polygon" || land.geometry.type === "MultiPolygon"
					? pathOf(land.geometry)
					: "",
			)
			.join("");
	});
	return outline;
}

/**
 * The path of one shape; rings close themselves.
 *
 * A ring that crosses the date line is followed across it, past 180 degrees, so that it stays one
 * piece; drawing the whole path a turn to either side fills what is then missing at the edges. A ring
 * that goes around a pole is closed along the pole.
 */
export function pathOf(geometry: Polygon | MultiPolygon): string {
	const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
	return polygons
		.flat()
		.map((ring) => `M${unwrapped(ring).map(pointText).join("L")}Z`)
		.join("");
}

type East = number;
type North = number;

function unwrapped(ring: Polygon["coordinates"][number]): [East, North][] {
	const points: [East, North][] = [];
	let turns = 0;
	let before: East | null = null;
	for (const [east = 0, north = 0] of ring) {
		if (before !== null && east - before > 180) turns -= 360;
		if (before !== null && east - before < -180) turns += 360;
		before = east;
		points.push([east + turns, north]);
	}
	const first = points[0];
	const last = points.at(-1);
	if (first !== undefined && last !== undefined && Math.abs(last[0] - first[0]) > 180) {
		const pole = first[1] < 0 ? -90 : 90;
		points.push([last[0], pole], [first[0], pole]);
	}
	return points;
}

function pointText([east, north]: [East, North]): string {
	return `${round(east)} ${round(-north)}`;
}

function round(degrees: number): number {
	return Math.round(degrees * 10) / 10;
}
