// Terminals: settings are read and written, ioctl by what its request says.
#include <fcntl.h>
#include <linux/fs.h>
#include <pty.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "libc_cases.h"

int master, slave, waiting;
termios settings;
winsize size;
char name[64];

struct Opened {
  Opened() { openpty(&master, &slave, nullptr, nullptr, nullptr); }
} opened;

constexpr Case kCases[] = {
    {"tcgetattr", [] { keep(tcgetattr(master, &settings)); }, [] { settings.c_iflag = 0; }},
    {"tcsetattr", [] { keep(tcsetattr(master, TCSANOW, &settings)); },
     [] { settings.c_oflag = 0; }},
    {"cfmakeraw", [] { cfmakeraw(&settings); }, [] { settings.c_lflag = 0; }},
    {"cfgetispeed", [] { keep(cfgetispeed(&settings)); }, [] { settings.c_cflag = 0; }},
    {"ttyname_r", [] { keep(ttyname_r(slave, name, sizeof name)); }, [] { name[0] = 0; }},
    {"TIOCGWINSZ", [] { keep(ioctl(master, TIOCGWINSZ, &size)); }, [] { size.ws_col = 0; }},
    {"TIOCSWINSZ", [] { keep(ioctl(master, TIOCSWINSZ, &size)); }, [] { size.ws_row = 0; }},
    {"FIONREAD", [] { keep(ioctl(master, FIONREAD, &waiting)); }, [] { waiting = 0; }},
};

/// Beside what the calls access: quiet without any order.
constexpr Case kNeighbours[] = {
    {"two readers", [] { keep(cfgetispeed(&settings)); }, [] { keep(cfgetospeed(&settings)); }},
};

int main() {
  orderCases(kCases);
  raceCases(kNeighbours);
}
