// poll_oneoff: clocks of both kinds, relative and absolute; files, the end of a pipe, wrong requests.
#include "check.h"

static __wasi_timestamp_t now(__wasi_clockid_t clock) {
  __wasi_timestamp_t time = 0;
  OK(__wasi_clock_time_get(clock, 1, &time));
  return time;
}

static __wasi_subscription_t timeout(__wasi_clockid_t clock, __wasi_timestamp_t time, int absolute) {
  __wasi_subscription_t subscription = {.userdata = 7};
  subscription.u.tag = __WASI_EVENTTYPE_CLOCK;
  subscription.u.u.clock.id = clock;
  subscription.u.u.clock.timeout = time;
  subscription.u.u.clock.flags = absolute ? __WASI_SUBCLOCKFLAGS_SUBSCRIPTION_CLOCK_ABSTIME : 0;
  return subscription;
}

static __wasi_subscription_t file(__wasi_fd_t number, int writes) {
  __wasi_subscription_t subscription = {.userdata = 100 + number};
  subscription.u.tag = writes ? __WASI_EVENTTYPE_FD_WRITE : __WASI_EVENTTYPE_FD_READ;
  subscription.u.u.fd_read.file_descriptor = number;
  return subscription;
}

static __wasi_event_t events[4];
static __wasi_size_t event_count;

static void wait_for(__wasi_subscription_t subscription) {
  event_count = 0;
  OK(__wasi_poll_oneoff(&subscription, events, 1, &event_count));
  EQUAL(event_count, 1);
  EQUAL(events[0].userdata, subscription.userdata);
  EQUAL(events[0].type, subscription.u.tag);
}

static void clocks(void) {
  const __wasi_timestamp_t while_ = 20000000;
  for (__wasi_clockid_t clock = __WASI_CLOCKID_REALTIME; clock <= __WASI_CLOCKID_MONOTONIC; clock++) {
    for (int absolute = 0; absolute < 2; absolute++) {
      __wasi_timestamp_t start = now(__WASI_CLOCKID_MONOTONIC);
      wait_for(timeout(clock, absolute ? now(clock) + while_ : while_, absolute));
      EQUAL(events[0].error, __WASI_ERRNO_SUCCESS);
      __wasi_timestamp_t time = now(__WASI_CLOCKID_MONOTONIC) - start;
      TRUE(time + 1000000 >= while_ && time < 5000000000);
    }
    // What is over already is answered at once.
    __wasi_timestamp_t start = now(__WASI_CLOCKID_MONOTONIC);
    wait_for(timeout(clock, 1, 1));
    wait_for(timeout(clock, 0, 0));
    TRUE(now(__WASI_CLOCKID_MONOTONIC) - start < 1000000000);
  }
  // Waiting takes no processor time.
  __wasi_timestamp_t used = now(__WASI_CLOCKID_PROCESS_CPUTIME_ID);
  wait_for(timeout(__WASI_CLOCKID_MONOTONIC, 200000000, 0));
  TRUE(now(__WASI_CLOCKID_PROCESS_CPUTIME_ID) - used < 100000000);
  wait_for(timeout(__WASI_CLOCKID_PROCESS_CPUTIME_ID, 1, 0));
  EQUAL(events[0].error, __WASI_ERRNO_NOTSUP);
  wait_for(timeout(99, 1, 0));
  EQUAL(events[0].error, __WASI_ERRNO_INVAL);
  __wasi_timestamp_t resolution;
  OK(__wasi_clock_res_get(__WASI_CLOCKID_MONOTONIC, &resolution));
  ERROR(__wasi_clock_res_get(9, &resolution), INVAL);
  ERROR(__wasi_clock_time_get(9, 1, &resolution), INVAL);
}

static void files(void) {
  // Standard input is a pipe with four bytes and its end behind them.
  wait_for(file(0, 0));
  EQUAL(events[0].error, __WASI_ERRNO_SUCCESS);
  EQUAL(events[0].fd_readwrite.nbytes, 4);
  char bytes[8];
  __wasi_iovec_t buffer = {(uint8_t *)bytes, sizeof bytes};
  __wasi_size_t count;
  OK(__wasi_fd_read(0, &buffer, 1, &count));
  EQUAL(count, 4);
  wait_for(file(0, 0));
  TRUE(events[0].fd_readwrite.flags & __WASI_EVENTRWFLAGS_FD_READWRITE_HANGUP);
  wait_for(file(1, 1));
  EQUAL(events[0].error, __WASI_ERRNO_SUCCESS);
  __wasi_fd_t opened = open_file("f", __WASI_OFLAGS_CREAT, 0);
  EQUAL(put(opened, "12345"), 5);
  __wasi_filesize_t place;
  OK(__wasi_fd_seek(opened, 1, __WASI_WHENCE_SET, &place));
  wait_for(file(opened, 0));
  EQUAL(events[0].fd_readwrite.nbytes, 4);
  wait_for(file(opened, 1));
  wait_for(file(99, 0));
  EQUAL(events[0].error, __WASI_ERRNO_BADF);
  wait_for(file(1, 0));
  TRUE(events[0].error != __WASI_ERRNO_SUCCESS);
  // Several at once: the ready ones, not the clock.
  __wasi_subscription_t all[3] = {timeout(__WASI_CLOCKID_MONOTONIC, 5000000000, 0), file(opened, 0),
                                  file(1, 1)};
  OK(__wasi_poll_oneoff(all, events, 3, &event_count));
  EQUAL(event_count, 2);
  ERROR(__wasi_poll_oneoff(all, events, 0, &event_count), INVAL);
  all[0].u.tag = 9;
  ERROR(__wasi_poll_oneoff(all, events, 1, &event_count), INVAL);
}

int main(void) {
  clocks();
  files();
  return finish();
}
