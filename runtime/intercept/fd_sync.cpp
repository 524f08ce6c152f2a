#include "intercept/libc_headers.h"

#include "intercept/fd_sync.h"

#include "base/arena.h"
#include "base/spin_lock.h"
#include "platform/syscalls.h"
#include "sync/sync.h"

namespace hindsight {
namespace {

/// A cache line each: channels used by different threads do not disturb one another.
struct alignas(kLineSize) Channel {
  u32 references;  // descriptors that use it; 0 = free. Fixed channels are never counted.
  bool watches;    // some channel's watcher
  bool is_sent;    // of an eventfd or its kin of which a message has taken a copy
  Channel* next_free;
  Channel* watcher;  // the epoll instance that waits for it, or kManyWatchers
  u64 file;          // what reads from it, by fileKey; 0: no such thing
  Channel* back;     // of a socketpair: what that end writes to
  Channel* next_of_bucket;
};

struct Descriptor {
  Channel* input;  // null: not known yet
  Channel* output;
  u8 locks;  // kinds of FileLock that were taken through it; of an entry that is known
};

constexpr int kMaxDescriptors = 1 << 20;
constexpr u32 kMaxChannels = 1 << 20;
constexpr u32 kNamedChannels = 1 << 16;
constexpr u32 kFileBuckets = 1 << 10;

enum FixedChannel : u32 {
  kSilent,        // orders nothing
  kSockets,       // every socket whose peer is not known
  kStrangers,     // descriptors beyond the table
  kManyWatchers,  // several epoll instances
  kReceived,      // every eventfd and its kin that came by a message
  kSignals,       // every signal that is sent
  kFirstNamed,
  kFirstCounted = kFirstNamed + kNamedChannels,
};

struct Tables {
  SpinLock lock;  // guards entries (for writing), counts and the free list
  Channel* channels = nullptr;
  Descriptor* descriptors = nullptr;
  Channel* free_channels = nullptr;
  u32 used_channels = kFirstCounted;
  int highest = -1;                   // descriptor that ever had an entry
  Channel* files[kFileBuckets] = {};  // channels with a `file`
};

constinit Tables tables;

void mapTables() {
  if (HINDSIGHT_LIKELY(__atomic_load_n(&tables.descriptors, __ATOMIC_ACQUIRE) != nullptr)) return;
  SpinLockGuard guard(tables.lock);
  if (tables.descriptors != nullptr) return;
  tables.channels = static_cast<Channel*>(reservePages(kMaxChannels * sizeof(Channel)));
  auto* descriptors = static_cast<Descriptor*>(reservePages(kMaxDescriptors * sizeof(Descriptor)));
  __atomic_store_n(&tables.descriptors, descriptors, __ATOMIC_RELEASE);  // pairs with: the load
}

Channel* fixedChannel(u32 index) { return &tables.channels[index]; }
bool isCounted(const Channel* channel) { return channel >= fixedChannel(kFirstCounted); }
uptr objectOf(const Channel* channel) { return reinterpret_cast<uptr>(channel); }
bool hasEntry(int fd) { return fd >= 0 && fd < kMaxDescriptors; }

// --- Channels and entries; the lock is held -------------------------------------------------

Channel* takeChannel() {
  Channel* channel = tables.free_channels;
  if (channel != nullptr) {
    tables.free_channels = channel->next_free;
    return channel;
  }
  if (tables.used_channels == kMaxChannels) return fixedChannel(kStrangers);
  return fixedChannel(tables.used_channels++);
}

void useChannel(Channel* channel) {
  if (channel != nullptr && isCounted(channel)) ++channel->references;
}

u64 fileKey(const struct stat& info) { return (info.st_dev << 40 ^ info.st_ino) | 1ull << 63; }

u64 fileOf(int fd) {
  struct stat info;
  return syscallFailed(sysFstat(fd, &info)) ? 0 : fileKey(info);
}

Channel*& bucketOf(u64 file) { return tables.files[file * 0x9e3779b97f4a7c15u >> 54]; }

/// Who comes to the same pipe or socket by another way finds the channel by its file.
void nameChannel(Channel* channel, u64 file, Channel* back) {
  if (file == 0 || !isCounted(channel)) return;
  channel->file = file;
  channel->back = back;
  channel->next_of_bucket = bucketOf(file);
  bucketOf(file) = channel;
}

Channel* channelOfFile(u64 file) {
  Channel* channel = bucketOf(file);
  while (channel != nullptr && channel->file != file) channel = channel->next_of_bucket;
  return channel;
}

void unnameChannel(Channel* channel) {
  if (channel->file == 0) return;
  Channel** link = &bucketOf(channel->file);
  while (*link != channel) link = &(*link)->next_of_bucket;
  *link = channel->next_of_bucket;
  channel->file = 0;
}

/// Returns the channel if that was its last use; the caller forgets it once the lock is free.
Channel* dropChannel(Channel* channel) {
  if (channel == nullptr || !isCounted(channel) || --channel->references != 0) return nullptr;
  unnameChannel(channel);
  return channel;
}

/// What an entry no longer uses.
struct Dropped {
  Channel* channels[2] = {nullptr, nullptr};
};

Dropped setEntry(int fd, Channel* input, Channel* output) {
  Descriptor& entry = tables.descriptors[fd];
  tables.highest = max(tables.highest, fd);
  useChannel(input);
  useChannel(output);
  Dropped dropped{{dropChannel(entry.input), nullptr}};
  dropped.channels[1] = dropChannel(entry.output);
  __atomic_store_n(&entry.input, input, __ATOMIC_RELAXED);    // read by: inputOf
  __atomic_store_n(&entry.output, output, __ATOMIC_RELAXED);  // read by: outputOf
  __atomic_store_n(&entry.locks, 0, __ATOMIC_RELAXED);        // read by: hasTaken
  return dropped;
}

// --- The lock is not held ---------------------------------------------------------------------

/// An epoll instance is gone: what takes its channel next is another thing.
void forgetWatcher(Channel* gone) {
  if (!gone->watches) return;
  SpinLockGuard guard(tables.lock);
  for (u32 i = kFirstCounted; i < tables.used_channels; ++i)
    if (Channel& channel = *fixedChannel(i); channel.watcher == gone)
      __atomic_store_n(&channel.watcher, nullptr, __ATOMIC_RELAXED);  // read by: releaseChannel
  gone->watches = false;
}

void recycle(const Dropped& dropped) {
  for (Channel* channel : dropped.channels) {
    if (channel == nullptr) continue;
    forgetWatcher(channel);
    forgetSyncObject(objectOf(channel));
    SpinLockGuard guard(tables.lock);
    channel->watcher = nullptr;
    channel->is_sent = false;
    channel->next_free = tables.free_channels;
    tables.free_channels = channel;
  }
}

void replaceEntry(int fd, Channel* input, Channel* output) {
  if (!hasEntry(fd)) return;
  Dropped dropped;
  {
    SpinLockGuard guard(tables.lock);
    dropped = setEntry(fd, input, output);
  }
  recycle(dropped);
}

u32 namedIndex(u64 kind, u64 number) {
  return kFirstNamed + static_cast<u32>((number ^ kind * 0x9e3779b97f4a7c15u) % kNamedChannels);
}

/// Input and output are one new channel, counted twice.
void newEventChannel(int fd, bool only_if_unknown) {
  if (!hasEntry(fd)) return;
  Dropped dropped;
  {
    SpinLockGuard guard(tables.lock);
    if (only_if_unknown && tables.descriptors[fd].input != nullptr) return;
    Channel* channel = takeChannel();
    dropped = setEntry(fd, channel, channel);
  }
  recycle(dropped);
}

/// Whether `fd` is one more descriptor of a pipe or socketpair that was seen to be opened: by
/// /dev/fd, or out of a message.
bool isKnownFile(int fd, const struct stat& info) {
  const sptr flags = sysFcntl(fd, F_GETFL);
  if (!hasEntry(fd) || syscallFailed(flags)) return false;
  const int mode = static_cast<int>(flags) & O_ACCMODE;
  Dropped dropped;
  {
    SpinLockGuard guard(tables.lock);
    Channel* const channel = channelOfFile(fileKey(info));
    if (channel == nullptr) return false;
    Channel* const silent = fixedChannel(kSilent);
    if (S_ISSOCK(info.st_mode))
      dropped = setEntry(fd, channel, channel->back);
    else
      dropped =
          setEntry(fd, mode == O_WRONLY ? silent : channel, mode == O_RDONLY ? silent : channel);
  }
  recycle(dropped);
  return true;
}

/// Finds out what a descriptor is that was not seen to be opened. Two threads at once agree: fixed
/// channels depend on the descriptor alone, and only one of them makes a new channel.
HINDSIGHT_NOINLINE void classify(int fd) {
  struct stat info;
  if (syscallFailed(sysFstat(fd, &info))) return;  // stays unknown
  u32 index = kSilent;
  if ((S_ISFIFO(info.st_mode) || S_ISSOCK(info.st_mode)) && isKnownFile(fd, info)) return;
  if (S_ISFIFO(info.st_mode)) {
    index = namedIndex(info.st_dev, info.st_ino);
  } else if (S_ISSOCK(info.st_mode)) {
    index = kSockets;
  } else if ((info.st_mode & S_IFMT) == 0) {  // anonymous: an eventfd or one of its kin
    return newEventChannel(fd, true);
  }
  replaceEntry(fd, fixedChannel(index), fixedChannel(index));
}

Channel* inputOf(int fd) {
  mapTables();
  if (!hasEntry(fd)) return fixedChannel(fd < 0 ? kSilent : kStrangers);
  if (tables.descriptors[fd].input == nullptr) classify(fd);
  Channel* channel = __atomic_load_n(&tables.descriptors[fd].input, __ATOMIC_RELAXED);
  return channel != nullptr ? channel : fixedChannel(kSilent);
}

Channel* outputOf(int fd) {
  mapTables();
  if (!hasEntry(fd)) return fixedChannel(fd < 0 ? kSilent : kStrangers);
  if (tables.descriptors[fd].output == nullptr) classify(fd);
  Channel* channel = __atomic_load_n(&tables.descriptors[fd].output, __ATOMIC_RELAXED);
  return channel != nullptr ? channel : fixedChannel(kSilent);
}

void releaseChannel(Thread& thread, Channel* channel) {
  if (channel == fixedChannel(kSilent)) return;
  release(thread, objectOf(channel));
  if (__atomic_load_n(&channel->is_sent, __ATOMIC_RELAXED))  // set by: fdSending
    releaseChannel(thread, fixedChannel(kReceived));
  Channel* watcher = __atomic_load_n(&channel->watcher, __ATOMIC_RELAXED);  // set by: setWatcher
  if (watcher != nullptr) release(thread, objectOf(watcher));
}

void setWatcher(Channel* channel, Channel* watcher) {
  SpinLockGuard guard(tables.lock);
  // A fixed channel outlives every epoll instance, so it may not name one.
  Channel* known = channel->watcher;
  const bool only_one = isCounted(channel) && (known == nullptr || known == watcher);
  Channel* next = only_one ? watcher : fixedChannel(kManyWatchers);
  next->watches = true;
  __atomic_store_n(&channel->watcher, next, __ATOMIC_RELAXED);  // read by: releaseChannel
}

bool hasTaken(int fd, FileLock kind) {
  return hasEntry(fd) && (__atomic_load_n(&tables.descriptors[fd].locks, __ATOMIC_RELAXED) &
                          static_cast<u8>(kind)) != 0;  // set by: acquireFileLock
}

/// A lock is the file's: descriptors that were opened apart exclude each other.
uptr fileLockOf(int fd, FileLock kind) {
  const u64 name = ~u64{2} - static_cast<u64>(kind);
  struct stat info;
  if (syscallFailed(sysFstat(fd, &info))) return namedChannel(name, 0);
  return namedChannel(name - (info.st_dev << 8), info.st_ino);
}

/// Before `fd` is closed. Of a description with other descriptors that is more than it gives back.
void releaseFileLocks(Thread& thread, int fd) {
  exchangeFileLock(thread, fd, FileLock::kWhole);
  exchangeFileLock(thread, fd, FileLock::kRanges);
}

}  // namespace

void fdOpened(int fd) {
  mapTables();
  if (hasEntry(fd) && tables.descriptors[fd].input == nullptr) return;
  replaceEntry(fd, nullptr, nullptr);
}

void pipeOpened(int read_end, int write_end) {
  mapTables();
  if (!hasEntry(read_end) || !hasEntry(write_end)) return;
  const u64 file = fileOf(read_end);
  Dropped dropped[2];
  {
    SpinLockGuard guard(tables.lock);
    Channel* channel = takeChannel();
    nameChannel(channel, file, nullptr);
    dropped[0] = setEntry(read_end, channel, fixedChannel(kSilent));
    dropped[1] = setEntry(write_end, fixedChannel(kSilent), channel);
  }
  recycle(dropped[0]);
  recycle(dropped[1]);
}

void socketPairOpened(int left, int right) {
  mapTables();
  if (!hasEntry(left) || !hasEntry(right)) return;
  const u64 left_file = fileOf(left), right_file = fileOf(right);
  Dropped dropped[2];
  {
    SpinLockGuard guard(tables.lock);
    Channel* to_left = takeChannel();
    Channel* to_right = takeChannel();
    nameChannel(to_left, left_file, to_right);
    nameChannel(to_right, right_file, to_left);
    dropped[0] = setEntry(left, to_left, to_right);
    dropped[1] = setEntry(right, to_right, to_left);
  }
  recycle(dropped[0]);
  recycle(dropped[1]);
}

void eventFdOpened(int fd) {
  mapTables();
  newEventChannel(fd, false);
}

void signalFdOpened(int fd) {
  mapTables();
  if (hasEntry(fd)) replaceEntry(fd, fixedChannel(kSignals), fixedChannel(kSignals));
}

void releaseSignals(Thread& thread) {
  mapTables();
  releaseChannel(thread, fixedChannel(kSignals));
}

void acquireSignals(Thread& thread) {
  mapTables();
  acquire(thread, objectOf(fixedChannel(kSignals)));
}

void fdDuplicated(int from, int to) {
  inputOf(from);  // classified now: both numbers must agree
  if (from == to || !hasEntry(to)) return;
  Dropped dropped;
  {
    SpinLockGuard guard(tables.lock);
    const Descriptor entry = hasEntry(from) ? tables.descriptors[from] : Descriptor{};
    dropped = setEntry(to, entry.input, entry.output);
    __atomic_store_n(&tables.descriptors[to].locks, entry.locks, __ATOMIC_RELAXED);  // of hasTaken
  }
  recycle(dropped);
}

void fdClosing(Thread& thread, int fd) {
  mapTables();
  if (!hasEntry(fd)) return;
  Channel* output = __atomic_load_n(&tables.descriptors[fd].output, __ATOMIC_RELAXED);
  if (output == nullptr) output = outputOf(fd);
  releaseChannel(thread, output);
  releaseFileLocks(thread, fd);
  replaceEntry(fd, nullptr, nullptr);
}

void fdReplacing(Thread& thread, int fd) {
  releaseFd(thread, fd);
  releaseFileLocks(thread, fd);
}

void fdRangeClosing(Thread& thread, u32 first, u32 last) {
  for (int fd = static_cast<int>(min(first, u32{kMaxDescriptors})); fd <= tables.highest; ++fd) {
    if (static_cast<u32>(fd) > last) break;
    if (tables.descriptors[fd].output != nullptr) fdClosing(thread, fd);
  }
}

void fdSending(Thread& thread, int fd) {
  Channel* const channel = inputOf(fd);
  const bool is_signals = channel == fixedChannel(kSignals);
  if (!isCounted(channel) && !is_signals) return;
  if (channel->file != 0 || channel != outputOf(fd)) return;
  __atomic_store_n(&channel->is_sent, true, __ATOMIC_SEQ_CST);  // read by: releaseChannel
  // What was written before is in the copy, too: who has not seen the store has released before.
  acquire(thread, objectOf(channel));
  releaseChannel(thread, fixedChannel(kReceived));
}

void fdReceived(int fd) {
  struct stat info;
  if (!hasEntry(fd) || syscallFailed(sysFstat(fd, &info)) || (info.st_mode & S_IFMT) != 0) return;
  replaceEntry(fd, fixedChannel(kReceived), fixedChannel(kReceived));
}

void releaseFd(Thread& thread, int fd) { releaseChannel(thread, outputOf(fd)); }

void releaseShutdown(Thread& thread, int fd) {
  Channel* const input = inputOf(fd);
  Channel* const output = outputOf(fd);
  releaseChannel(thread, output);
  if (input != output) releaseChannel(thread, input);
}

void acquireFd(Thread& thread, int fd) {
  Channel* channel = inputOf(fd);
  if (channel == fixedChannel(kSilent)) return;
  acquire(thread, objectOf(channel));
  if (__atomic_load_n(&channel->is_sent, __ATOMIC_RELAXED))  // set by: fdSending
    acquire(thread, objectOf(fixedChannel(kReceived)));
}

bool fdOrders(int fd) { return outputOf(fd) != fixedChannel(kSilent); }

void epollWatching(Thread& thread, int epoll, int fd) {
  Channel* watcher = inputOf(epoll);
  Channel* channel = inputOf(fd);
  release(thread, objectOf(watcher));
  if (channel == fixedChannel(kSilent)) return;
  setWatcher(channel, watcher);
  // What was written before anybody watched has made the descriptor ready, too. A writer that did
  // not see the watcher released to the channel before this acquire.
  acquire(thread, objectOf(channel));
  release(thread, objectOf(watcher));
}

void acquireEvents(Thread& thread, int epoll) {
  acquireFd(thread, epoll);
  acquire(thread, objectOf(fixedChannel(kManyWatchers)));
}

void releaseFileLock(Thread& thread, int fd, FileLock kind) {
  release(thread, fileLockOf(fd, kind));
}

void exchangeFileLock(Thread& thread, int fd, FileLock kind) {
  mapTables();
  if (hasTaken(fd, kind)) releaseFileLock(thread, fd, kind);
}

void acquireFileLock(Thread& thread, int fd, FileLock kind) {
  inputOf(fd);  // the entry is known from now on
  acquire(thread, fileLockOf(fd, kind));
  if (!hasEntry(fd)) return;
  SpinLockGuard guard(tables.lock);
  u8& locks = tables.descriptors[fd].locks;
  __atomic_store_n(&locks, locks | static_cast<u8>(kind), __ATOMIC_RELAXED);  // read by: hasTaken
}

uptr namedChannel(u64 kind, u64 number) {
  mapTables();
  return objectOf(fixedChannel(namedIndex(kind, number)));
}

}  // namespace hindsight
