// Texts that do something where a shell reads them as its language.

/** What a shell would do with a text. */
export const shellTricks = (trap: string): string[] => {
  const act = `touch ${trap}`;
  const joins = [";", "&&", "||", "|", "&", "\n", "\r\n", "\r", "|&", ";;", "\n#\n", " ; ", "\t;\t", "\v", "\f", "!"];
  const glued = joins.flatMap((join) => [`a${join}${act}`, `${join}${act}${join}`]);
  return [
    ...glued,
    ...[`$(${act})`, `\`${act}\``, `"$(${act})"`, `'$(${act})'`, `a"$(${act})"b`, `a'\`${act}\`'b`, `"';${act};'"`],
    ...[`'; ${act}; '`, `"; ${act}; "`, `\\"; ${act}; \\"`, `' || ${act} || '`, `" && ${act} && "`, `\\'; ${act} #`],
    ...[`touch\${IFS}${trap}`, `touch$IFS$9${trap}`, `{touch,${trap}}`, `$'\\x74ouch' ${trap}`, `to""uch ${trap}`],
    ...[`t\\ouch ${trap}`, `$(printf touch) ${trap}`, `$0 -c '${act}'`, `\${0} -c '${act}'`, `eval ${act}`],
    ...[`exec ${act}`, `command ${act}`, `builtin eval ${act}`, `. <(echo ${act})`, `source <(echo ${act})`],
    ...[`<(${act})`, `>(${act})`, `cat <(${act})`, `> ${trap}`, `>> ${trap}`, `>| ${trap}`, `2> ${trap}`, `&> ${trap}`],
    ...[`<<<$(${act})`, `<<EOF\n$(${act})\nEOF`, `tee ${trap} <<< x`, `\${x:=$(${act})}`, `\${x:-\`${act}\`}`],
    ...[`$((x[$(${act})]))`, `a[$(${act})]=1`, `\${!x@P}`, `\${x@P}`, `*`, `?`, `[a-z]*`, `{a,b}`, `~`, `~root`, `~+`],
    ...[
      `/*/../bin/touch ${trap}`,
      `/bin/t?uch ${trap}`,
      `/???/t*h ${trap}`,
      `() { :; }; ${act}`,
      `() { _; } >_[$($())] { ${act}; }`,
    ],
    ...[
      `%0a${act}`,
      `%3B${act}`,
      `&#10;${act}`,
      `\\n${act}`,
      `\\x0a${act}`,
      `\\u000a${act}`,
      `$\n(${act})`,
      `#\n${act}`,
    ],
    ...[
      `if true; then ${act}; fi`,
      `for i in 1; do ${act}; done`,
      `while ${act}; do break; done`,
      `! ${act}`,
      `time ${act}`,
    ],
    ...[
      `coproc ${act}`,
      `trap '${act}' EXIT`,
      `alias a='${act}'`,
      `PS4='$(${act})' sh -x`,
      `a=1 ${act}`,
      `: \${a:?$(${act})}`,
    ],
    ...[`${"(".repeat(50)}${act}${")".repeat(50)}`, `${"true;".repeat(51)}${act}`, `${"true && ".repeat(60)}${act}`],
  ];
};
