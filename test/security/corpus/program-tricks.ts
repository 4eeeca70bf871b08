// Texts that start something where they are taken for a command line, or for a program's options.

/** What would make a program of the rest: interpreters, wrappers, another folder's binaries. */
export const programTricks = (trap: string): string[] => {
  const act = `touch ${trap}`;
  return [
    ...[`sh -c '${act}'`, `/bin/sh -c '${act}'`, `bash -c '${act}'`, `busybox sh -c '${act}'`, `busybox touch ${trap}`],
    ...[`env -S 'sh -c "${act}"'`, `env sh -c '${act}'`, `/usr/bin/env -S${act}`, `env -i ${act}`, `nohup ${act}`],
    ...[
      `xargs -I{} sh -c '${act}'`,
      `nice ${act}`,
      `timeout 5 ${act}`,
      `setsid ${act}`,
      `stdbuf -o0 ${act}`,
      `watch ${act}`,
    ],
    ...[
      `sudo ${act}`,
      `doas ${act}`,
      `su -c '${act}'`,
      `script -c '${act}' /dev/null`,
      `unshare ${act}`,
      `chroot / ${act}`,
    ],
    ...[
      `node -e "require('fs').writeFileSync('${trap}','')"`,
      `node --eval=process.exit(1)`,
      `node -r ${trap}`,
      `node --import=${trap}`,
    ],
    ...[
      `python3 -c "open('${trap}','w')"`,
      `perl -e 'open F,">${trap}"'`,
      `ruby -e 'File.write("${trap}","")'`,
      `php -r 'touch("${trap}");'`,
    ],
    ...[
      `awk 'BEGIN{system("${act}")}'`,
      `sed 's/a/b/e;w ${trap}'`,
      `sed -n '1e ${act}'`,
      `vim -c ':!${act}'`,
      `ed -s <<< '!${act}'`,
    ],
    ...[
      `find . -exec ${act} ;`,
      `find . -fprintf ${trap} x`,
      `find . -delete`,
      `tar cf x --checkpoint-action=exec='${act}' --checkpoint=1`,
    ],
    ...[
      `zip -T -TT '${act}' x y`,
      `rsync -e '${act}' a b:`,
      `ssh -oProxyCommand='${act}' x`,
      `scp -S ${trap} a b:`,
      `curl -o ${trap} file:///dev/null`,
    ],
    ...[
      `git -c core.fsmonitor='${act}' status`,
      `git -c core.pager='${act}' log`,
      `git -c alias.x='!${act}' x`,
      `git diff --output=${trap}`,
    ],
    ...[
      `git log --output=${trap}`,
      `git grep --open-files-in-pager='${act}'`,
      `git clone --upload-pack='${act}' x`,
      `git ls-remote ext::'${act}'`,
    ],
    ...[
      `rg --pre '${act}' x`,
      `rg --hostname-bin ${trap} x`,
      `man -P '${act}' ls`,
      `less +!'${act}'`,
      `sort -o ${trap} x`,
    ],
    ...[
      `sort --compress-program=${trap} x`,
      `make --eval='$(shell ${act})'`,
      `npm --node-options='-r ${trap}' test`,
      `npm exec -c '${act}'`,
    ],
    ...[
      `pip install ${trap}`,
      `gdb -ex '!${act}'`,
      `strace -o ${trap} true`,
      `dd of=${trap} if=/dev/null`,
      `cp /dev/null ${trap}`,
    ],
    ...[
      `%COMSPEC% /c ${act}`,
      `cmd.exe /c ${act}`,
      `powershell -Command ${act}`,
      `pwsh -c ${act}`,
      `x.bat & calc.exe`,
      `"&calc.exe`,
      `^&${act}`,
    ],
    ...[
      `osascript -e 'do shell script "${act}"'`,
      `open -a Calculator`,
      `at now <<< '${act}'`,
      `crontab - <<< '* * * * * ${act}'`,
    ],
  ];
};

/** What a program would take for an option. */
export const optionTricks = (trap: string): string[] => [
  ...["-", "--", "-e", "-c", "-x", "-h", "--help", "-rf", "--version", "-1", "-0", "--=", "---", "-\n", "-\u0000"],
  ...[
    `--output=${trap}`,
    `-o${trap}`,
    `-o ${trap}`,
    `-exec`,
    `--exec=touch ${trap}`,
    `--pre=${trap}`,
    `--eval=x`,
    `-r${trap}`,
  ],
  ...[
    `--require=${trap}`,
    `--import=${trap}`,
    `--config=${trap}`,
    `--rcfile=${trap}`,
    `-ccore.fsmonitor=touch ${trap}`,
  ],
  ...[
    `--upload-pack=touch ${trap}`,
    `--checkpoint-action=exec=touch ${trap}`,
    `-I{}`,
    `@${trap}`,
    `-@${trap}`,
    `+${trap}`,
  ],
  ...[`\u2010-eval`, `\u2013-eval`, `\uff0d-eval`, ` -e`, `\t-e`, `"-e"`, `\\-e`, `=-e`],
];
