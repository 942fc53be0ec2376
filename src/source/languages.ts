/**
 * The one table of file name extensions. Letter case counts where compilers make it count: `.C` and `.H` are C++,
 * any other spelling is read as if it were lower case.
 */

export type LanguageName = "c" | "c++";

const EXTENSIONS: Readonly<Record<string, LanguageName>> = {
  ".c": "c",
  ".h": "c",
  // Tables and parts of functions that are included.
  ".inc": "c",
  ".C": "c++",
  ".H": "c++",
  ".cc": "c++",
  ".cp": "c++",
  ".cpp": "c++",
  ".cxx": "c++",
  ".c++": "c++",
  ".hh": "c++",
  ".hp": "c++",
  ".hpp": "c++",
  ".hxx": "c++",
  ".h++": "c++",
  ".tcc": "c++",
  ".ipp": "c++",
  ".tpp": "c++",
  ".ino": "c++",
};

/** The language of a file by its name, or `undefined` where the name does not tell. */
export const languageOf = (fileName: string): LanguageName | undefined => {
  const dot = fileName.lastIndexOf(".");
  if (dot < 0) return undefined;
  const extension = fileName.slice(dot);
  return EXTENSIONS[extension] ?? EXTENSIONS[extension.toLowerCase()];
};

/** All extensions of a language, with the dot. */
export const extensionsOf = (language: LanguageName): readonly string[] =>
  Object.keys(EXTENSIONS).filter((extension) => EXTENSIONS[extension] === language);
