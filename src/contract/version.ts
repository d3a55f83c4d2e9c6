/** Version of this package, told by servers in `GET /health` and by clients at connect. A test holds it to package.json. */
export const PACKAGE_VERSION = "0.1.0";

/** Version of the wire contract that both sides speak; it is in the first frame each way of the event stream. */
export const PROTOCOL_VERSION = 1;

/** Version of the snapshot format. A snapshot with a higher number was written by a newer package and is refused. */
export const SNAPSHOT_VERSION = 1;
