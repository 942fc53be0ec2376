/** The list of real projects that are checked. */

/** One project: a part of a source package, scanned in a run of its own. */
export interface Project {
  readonly name: string;
  /** Name of the Debian source package. */
  readonly source: string;
  /** Version pattern; `*` stands for anything. */
  readonly version: string;
  /** Folders or files of the package that make up the project, as on the command line; all of it when empty. */
  readonly include: readonly string[];
  /** Whether a release without the package is no error. */
  readonly optional: boolean;
}

const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === "string");

/** Reads `ecosystem/projects.json`. Throws with the position of the first bad project. */
export function parseProjects(text: string, name: string): Project[] {
  const value = JSON.parse(text) as { readonly projects?: unknown };
  if (!Array.isArray(value.projects)) throw new Error(`${name}: \`projects\` must be a list`);
  const projects = value.projects.map((one: unknown, index): Project => {
    const wrong = (what: string): Error => new Error(`${name}: projects[${index}]: ${what}`);
    if (typeof one !== "object" || one === null) throw wrong("expected an object");
    const fields = one as Readonly<Record<string, unknown>>;
    const { name: title, source, version, include = [], optional = false } = fields;
    if (typeof title !== "string" || title === "") throw wrong("`name` must be a name");
    if (typeof source !== "string" || !/^[a-z0-9][a-z0-9+.-]+$/.test(source)) throw wrong("`source` must be a source package");
    if (typeof version !== "string" || version === "") throw wrong("`version` must be a version pattern");
    if (!isStrings(include)) throw wrong("`include` must be a list of paths");
    if (typeof optional !== "boolean") throw wrong("`optional` must be true or false");
    const unknown = Object.keys(fields).filter((key) => !["name", "source", "version", "include", "optional", "note"].includes(key));
    if (unknown.length > 0) throw wrong(`unknown field ${unknown.join(", ")}`);
    return { name: title, source, version, include, optional };
  });
  const seen = new Set<string>();
  for (const project of projects) {
    if (seen.has(project.name)) throw new Error(`${name}: two projects are called ${project.name}`);
    seen.add(project.name);
  }
  return projects;
}
