/** @file Where a photo was taken: coordinates in words, and a window of the world around them. */

export interface Place {
	/** Degrees north, -90 to 90. */
	latitude: number;
	/** Degrees east, -180 to 180. */
	longitude: number;
}

/** Null unless both are given and lie on the globe; 0°, 0° is what broken cameras write. */
export function placeOf(latitude: number | null, longitude: number | null): Place | null {
	if (latitude === null || longitude === null) return null;
	if (!Number.isFinite(latitude) || !Number.isFinite(longitude)) return null;
	if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return null;
	if (latitude === 0 && longitude === 0) return null;
	return { latitude, longitude };
}

/** Such as `38.7223° N, 9.1393° W`; four decimals are about ten metres. */
export function coordinatesInWords(place: Place): string {
	const latitude = `${Math.abs(place.latitude).toFixed(4)}° ${place.latitude < 0 ? "S" : "N"}`;
	const longitude = `${Math.abs(place.longitude).toFixed(4)}° ${place.longitude < 0 ? "W" : "E"}`;
	return `${latitude}, ${longitude}`;
}

/** In the form other programs read: `38.72230, -9.13930`. */
export function coordinatesForPasting(place: Place): string {
	return `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`;
}

/** A map's window in map units: x is degrees east times `squeeze`, y is degrees south. */
export interface MapWindow {
	left: number;
	top: number;
	width: number;
	height: number;
	/** Degrees of longitude are drawn this much narrower: the cosine of the window's latitude. */
	squeeze: number;
	/** Where the place lies, in map units. */
	x: number;
	y: number;
}

/**
 * The window around a place in the equirectangular projection with its standard parallel at the
 * place's latitude (x = longitude times cos latitude), so that coasts near it keep their shape.
 *
 * @param heightDegrees Degrees of latitude from top to bottom.
 * @param aspect Width over height.
 */
export function mapWindow(place: Place, heightDegrees: number, aspect: number): MapWindow {
	// Towards the poles the cosine would stretch the window over the whole globe.
	const squeeze = Math.max(0.35, Math.cos((place.latitude * Math.PI) / 180));
	const height = heightDegrees;
	const width = height * aspect;
	const x = place.longitude * squeeze;
	const y = -place.latitude;
	const top = Math.min(Math.max(y - height / 2, -90), 90 - height);
	return { left: x - width / 2, top, width, height, squeeze, x, y };
}
