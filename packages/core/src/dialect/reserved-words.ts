/** Words that standard SQL and most databases reserve: identifiers of these names are quoted. Dialects add their own. */
export const RESERVED_WORDS: ReadonlySet<string> = new Set(
  `all alter analyse analyze and any array as asc asymmetric authorization between binary both by case cast check collate
   column constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp
   current_user database default deferrable delete desc distinct do drop else end except exists false fetch filter for foreign
   freeze from full grant group having ilike in index initially inner insert intersect into is isnull join key lateral leading left
   like limit localtime localtimestamp natural not notnull null nulls of off offset on only or order outer over overlaps
   partition placing primary references returning right row rows select session_user set similar some symmetric table
   tablesample then to trailing true union unique update user using values variadic verbose view when where window with`.split(
    /\s+/,
  ),
);
