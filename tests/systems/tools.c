/* The small programs that tests start by way of vendor-ssm, for Windows: true, false, echo, printf
   (its first word, without formats), cat (standard input), and env (prints the variables, each
   behind it a zero byte). Each is this program under its name. */
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include <windows.h>

static void put(const WCHAR *text) {
  char bytes[1 << 16];
  int length = WideCharToMultiByte(CP_UTF8, 0, text, -1, bytes, sizeof bytes, NULL, NULL);
  if (length > 1) fwrite(bytes, 1, length - 1, stdout);
}

static int is(const WCHAR *path, const WCHAR *name) {
  const WCHAR *file = path, *at;
  size_t length = wcslen(name);
  for (at = path; *at; at++)
    if (*at == '\\' || *at == '/') file = at + 1;
  return !_wcsnicmp(file, name, length) && (!file[length] || file[length] == '.');
}

int wmain(int count, WCHAR **words) {
  WCHAR self[MAX_PATH];
  int i;
  GetModuleFileNameW(NULL, self, MAX_PATH);
  _setmode(_fileno(stdin), _O_BINARY);
  _setmode(_fileno(stdout), _O_BINARY);
  if (is(self, L"false")) return 1;
  if (is(self, L"printf") && count > 1) put(words[1]);
  if (is(self, L"echo")) {
    for (i = 1; i < count; i++) {
      if (i > 1) putchar(' ');
      put(words[i]);
    }
    putchar('\n');
  }
  if (is(self, L"cat")) {
    char bytes[4096];
    size_t length;
    while ((length = fread(bytes, 1, sizeof bytes, stdin)) > 0) fwrite(bytes, 1, length, stdout);
  }
  if (is(self, L"env")) {
    WCHAR *all = GetEnvironmentStringsW(), *at;
    for (at = all; *at; at += wcslen(at) + 1) {
      if (*at == '=') continue;
      put(at);
      putchar(0);
    }
  }
  return 0;
}
