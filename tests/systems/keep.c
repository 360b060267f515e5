/* Keeps a wine prefix awake until its standard input closes, so that the next program starts in a
   quarter of a second. It first deletes wine's own USERPROFILE, APPDATA and LOCALAPPDATA: wine
   would put them in place of those that a test sets. And it keeps the desktop: else the first program
   that asks for a window starts it, and the desktop then holds that program's output open. */
#include <windows.h>
#include <stdio.h>

int main(void) {
  char byte;
  RegDeleteTreeW(HKEY_CURRENT_USER, L"Volatile Environment");
  GetDesktopWindow();
  puts("awake");
  fflush(stdout);
  while (fread(&byte, 1, 1, stdin) == 1) {
  }
  return 0;
}
