/* Runs a program in this console and types for it, as conhost does at a real keyboard.
 *
 *   console.exe PORT PROGRAM ARGUMENTS
 *
 * wine's console on a Unix terminal knows no resize and no Ctrl-C, and its arrow keys are no VT
 * input. So the tests send lines to this program on 127.0.0.1:PORT, and it writes console input:
 *
 *   type HEX     the UTF-16 units of a text, 4 digits each; VT sequences of keys included
 *   size ROWS COLUMNS
 *   break        Ctrl-Break
 *
 * Each line is answered with "done". It ends with the program's exit code. */
#define WIN32_LEAN_AND_MEAN
#include <winsock2.h>
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef ENABLE_VIRTUAL_TERMINAL_INPUT
#define ENABLE_VIRTUAL_TERMINAL_INPUT 0x0200
#endif

static HANDLE input, output;

static void press(WORD key, WCHAR unit, DWORD state) {
  INPUT_RECORD record[2];
  DWORD written;
  int down;
  memset(record, 0, sizeof record);
  for (down = 1; down >= 0; down--) {
    KEY_EVENT_RECORD *event = &record[1 - down].Event.KeyEvent;
    record[1 - down].EventType = KEY_EVENT;
    event->bKeyDown = down;
    event->wRepeatCount = 1;
    event->wVirtualKeyCode = key;
    event->wVirtualScanCode = (WORD)MapVirtualKeyW(key, MAPVK_VK_TO_VSC);
    event->uChar.UnicodeChar = unit;
    event->dwControlKeyState = state;
  }
  /* One by one: wine takes Ctrl-C for pressed twice if its release comes in the same call. */
  WriteConsoleInputW(input, &record[0], 1, &written);
  WriteConsoleInputW(input, &record[1], 1, &written);
}

/* A character with the key that makes it. */
static void press_unit(WCHAR unit) {
  DWORD state = 0;
  WORD key = 0;
  SHORT scan;
  switch (unit) {
    case '\r': key = VK_RETURN; break;
    case '\t': key = VK_TAB; break;
    case 0x1b: key = VK_ESCAPE; break;
    case 0x7f: key = VK_BACK; unit = '\b'; break;
    default:
      if (unit < 0x20) {
        key = (WORD)(unit + '@');
        state = LEFT_CTRL_PRESSED;
      } else {
        scan = VkKeyScanW(unit);
        if (scan != -1) {
          key = scan & 0xff;
          if (scan & 0x100) state |= SHIFT_PRESSED;
        }
      }
  }
  press(key, unit, state);
}

/* The key behind a VT sequence, as a terminal sends it: 0 if it is none. */
static WORD key_of(const WCHAR *text, size_t length, size_t *used) {
  static const struct { const WCHAR *sequence; WORD key; } keys[] = {
    {L"\x1b[A", VK_UP}, {L"\x1b[B", VK_DOWN}, {L"\x1b[C", VK_RIGHT}, {L"\x1b[D", VK_LEFT},
    {L"\x1b[H", VK_HOME}, {L"\x1b[F", VK_END}, {L"\x1b[2~", VK_INSERT}, {L"\x1b[3~", VK_DELETE},
    {L"\x1b[5~", VK_PRIOR}, {L"\x1b[6~", VK_NEXT},
  };
  size_t i;
  for (i = 0; i < sizeof keys / sizeof *keys; i++) {
    *used = wcslen(keys[i].sequence);
    if (length >= *used && !wcsncmp(text, keys[i].sequence, *used)) return keys[i].key;
  }
  return 0;
}

static void type(const WCHAR *text, size_t length) {
  size_t at = 0, used;
  while (at < length) {
    DWORD mode = 0;
    WORD key = key_of(text + at, length - at, &used);
    GetConsoleMode(input, &mode);
    if (key && !(mode & ENABLE_VIRTUAL_TERMINAL_INPUT)) {
      press(key, 0, ENHANCED_KEY);
      at += used;
    } else if (text[at] == 0x7f && (mode & ENABLE_VIRTUAL_TERMINAL_INPUT)) {
      press(VK_BACK, 0x7f, 0);
      at++;
    } else {
      press_unit(text[at++]);
    }
  }
}

static void resize(SHORT rows, SHORT columns) {
  CONSOLE_SCREEN_BUFFER_INFO now;
  SMALL_RECT window = {0, 0, 0, 0};
  COORD size;
  if (!GetConsoleScreenBufferInfo(output, &now)) return;
  /* A buffer is never smaller than its window: the window shrinks first. */
  window.Right = (SHORT)((columns < now.dwSize.X ? columns : now.dwSize.X) - 1);
  window.Bottom = (SHORT)((rows < now.dwSize.Y ? rows : now.dwSize.Y) - 1);
  SetConsoleWindowInfo(output, TRUE, &window);
  size.X = columns;
  size.Y = rows;
  SetConsoleScreenBufferSize(output, size);
  window.Right = (SHORT)(columns - 1);
  window.Bottom = (SHORT)(rows - 1);
  SetConsoleWindowInfo(output, TRUE, &window);
}

static void obey(char *line) {
  if (!strncmp(line, "type ", 5)) {
    size_t length = strlen(line + 5) / 4, i;
    WCHAR *text = calloc(length + 1, sizeof *text);
    for (i = 0; i < length; i++) {
      char digits[5];
      memcpy(digits, line + 5 + 4 * i, 4);
      digits[4] = 0;
      text[i] = (WCHAR)strtoul(digits, NULL, 16);
    }
    type(text, length);
    free(text);
  } else if (!strncmp(line, "size ", 5)) {
    int rows, columns;
    if (sscanf(line + 5, "%d %d", &rows, &columns) == 2) resize((SHORT)rows, (SHORT)columns);
  } else if (!strcmp(line, "break")) {
    GenerateConsoleCtrlEvent(CTRL_BREAK_EVENT, 0);
  }
}

static DWORD WINAPI serve(void *port) {
  static char line[1 << 18];
  struct sockaddr_in address;
  size_t length = 0;
  SOCKET peer = socket(AF_INET, SOCK_STREAM, 0);
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_port = htons((u_short)(size_t)port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(peer, (struct sockaddr *)&address, sizeof address)) {
    fprintf(stderr, "console: nothing listens on port %d\n", (int)(size_t)port);
    return 1;
  }
  while (length + 1 < sizeof line) {
    int got = recv(peer, line + length, 1, 0);
    if (got <= 0) break;
    if (line[length] != '\n') {
      length++;
      continue;
    }
    line[length] = 0;
    length = 0;
    obey(line);
    if (send(peer, "done\n", 5, 0) != 5) break;
  }
  return 0;
}

/* The program alone ends at Ctrl-C and Ctrl-Break. */
static BOOL WINAPI goes_on(DWORD event) {
  return event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT;
}

/* This command line behind its first two words. */
static WCHAR *rest(WCHAR *line) {
  int words;
  for (words = 0; words < 2; words++) {
    int quoted = 0;
    while (*line && (quoted || (*line != ' ' && *line != '\t'))) {
      if (*line == '"') quoted = !quoted;
      line++;
    }
    while (*line == ' ' || *line == '\t') line++;
  }
  return line;
}

int main(int count, char **words) {
  STARTUPINFOW start;
  PROCESS_INFORMATION program;
  WSADATA sockets;
  DWORD code = 1;
  if (count < 3) {
    fprintf(stderr, "usage: console.exe PORT PROGRAM ARGUMENTS\n");
    return 2;
  }
  input = CreateFileW(L"CONIN$", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                      NULL, OPEN_EXISTING, 0, NULL);
  output = CreateFileW(L"CONOUT$", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                       NULL, OPEN_EXISTING, 0, NULL);
  if (input == INVALID_HANDLE_VALUE || output == INVALID_HANDLE_VALUE) {
    fprintf(stderr, "console: there is no console\n");
    return 2;
  }
  SetConsoleCtrlHandler(goes_on, TRUE);
  memset(&start, 0, sizeof start);
  start.cb = sizeof start;
  WSAStartup(MAKEWORD(2, 2), &sockets);
  if (!CreateProcessW(NULL, rest(GetCommandLineW()), NULL, NULL, TRUE, 0, NULL, NULL, &start,
                      &program)) {
    fprintf(stderr, "console: the program does not start: error %lu\n", GetLastError());
    return 2;
  }
  CloseHandle(CreateThread(NULL, 0, serve, (void *)(size_t)atoi(words[1]), 0, NULL));
  WaitForSingleObject(program.hProcess, INFINITE);
  GetExitCodeProcess(program.hProcess, &code);
  return (int)code;
}
