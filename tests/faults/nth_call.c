/* Counts a running appliance's syncs, or its writes to files, over all threads, and lets the N-th
 * go wrong. Preloaded (LD_PRELOAD); the product itself has no such switch.
 *
 * KIOSK_FAULT_CALL   sync: fsync and fdatasync; write: write, pwrite
 * KIOSK_FAULT_AT     N, from 1
 * KIOSK_FAULT_WITH   kill: the process is killed before the call; else the error's number
 * KIOSK_FAULT_THEN   kill: after the error the process is killed before its next sync or write
 * KIOSK_FAULT_UNDER  only files under this folder count
 *
 * What has happened is told on standard error: a run without that line never came so far.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is_counted(int descriptor, char *path, size_t size) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, size - 1);
    if (length < 0) {
        return 0;
    }
    path[length] = '\0';
    const char *folder = getenv("KIOSK_FAULT_UNDER");
    return folder != NULL && strncmp(path, folder, strlen(folder)) == 0;
}

static int is_set(const char *name, const char *value) {
    const char *found = getenv(name);
    return found != NULL && strcmp(found, value) == 0;
}

static void die(void) {
    kill(getpid(), SIGKILL);
    pause();
}

/* Says whether this call fails, with errno set; does not return where it is the process's last. */
static int goes_wrong(const char *call, const char *name, int descriptor) {
    static int counted, failed;
    char path[4096];
    const char *with = getenv("KIOSK_FAULT_WITH");
    if (with == NULL || !is_counted(descriptor, path, sizeof path)) {
        return 0;
    }
    if (__sync_fetch_and_add(&failed, 0) && is_set("KIOSK_FAULT_THEN", "kill")) {
        dprintf(STDERR_FILENO, "fault: then kill at %s %s\n", name, path);
        die();
    }
    if (!is_set("KIOSK_FAULT_CALL", call)) {
        return 0;
    }
    int number = __sync_add_and_fetch(&counted, 1);
    if (number != atoi(getenv("KIOSK_FAULT_AT"))) {
        return 0;
    }
    dprintf(STDERR_FILENO, "fault: %s at %s %d: %s %s\n", with, call, number, name, path);
    if (is_set("KIOSK_FAULT_WITH", "kill")) {
        die();
    }
    __sync_lock_test_and_set(&failed, 1);
    errno = atoi(with);
    return 1;
}

int fsync(int descriptor) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    return goes_wrong("sync", "fsync", descriptor) ? -1 : real(descriptor);
}

int fdatasync(int descriptor) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    return goes_wrong("sync", "fdatasync", descriptor) ? -1 : real(descriptor);
}

ssize_t write(int descriptor, const void *data, size_t size) {
    ssize_t (*real)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
    return goes_wrong("write", "write", descriptor) ? -1 : real(descriptor, data, size);
}

ssize_t pwrite(int descriptor, const void *data, size_t size, off_t offset) {
    ssize_t (*real)(int, const void *, size_t, off_t) = dlsym(RTLD_NEXT, "pwrite");
    return goes_wrong("write", "pwrite", descriptor) ? -1 : real(descriptor, data, size, offset);
}

ssize_t pwrite64(int descriptor, const void *data, size_t size, off64_t offset) {
    ssize_t (*real)(int, const void *, size_t, off64_t) = dlsym(RTLD_NEXT, "pwrite64");
    return goes_wrong("write", "pwrite", descriptor) ? -1 : real(descriptor, data, size, offset);
}
