/** The folders of the library's sources that have private headers, as these are named after them. */
const PARTS = "abstract|async-dns|core|cose|drivers|event-libs|jose|misc|plat|roles|secure-streams|system|tls";

const PRIVATE_NAME = String.raw`private-lib(?:websockets|-(?:${PARTS})(?:-[\w-]+)?)\.h`;

const PRIVATE_PATH = new RegExp(String.raw`(?:^|/)${PRIVATE_NAME}$`);
const BARE_INCLUDE = new RegExp(String.raw`^[ \t]*#[ \t]*include[ \t]*["<]${PRIVATE_NAME}[">]`, "m");

/** `private-lib-core.h` and its family; `private-libwebsockets.h` before 3.2. Other projects have private headers of their own. */
export const isPrivateHeader = (path: string): boolean => PRIVATE_PATH.test(path);

/** Whether a text includes one of the library's private headers by its bare name, as files built inside the library's tree do. */
export const includesPrivateHeader = (text: string): boolean => BARE_INCLUDE.test(text);
