/* Leaves one step of durability out of a running appliance, so that the power-cut harness can prove
 * that it would notice. Preloaded (LD_PRELOAD); the product itself has no such switch.
 *
 * KIOSK_LEAVE_OUT says which:
 *   photo-fsync   fsync and fdatasync of photos/.<id>.jpg.part succeed and do nothing
 *   folder-fsync  the same for the folder photos/ itself
 *   both-fsyncs   both of them
 *   normal        the appliance's "pragma synchronous = full" reaches SQLite as "normal": what
 *                 SQLite then does is its own, no model of it
 *
 * The first step left out is told on standard error: a run without that line proves nothing.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static int chosen(const char *step) {
    const char *wanted = getenv("KIOSK_LEAVE_OUT");
    return wanted != NULL && strcmp(wanted, step) == 0;
}

static void tell(void) {
    static int told;
    if (!__sync_lock_test_and_set(&told, 1)) {
        dprintf(STDERR_FILENO, "left out: %s\n", getenv("KIOSK_LEAVE_OUT"));
    }
}

static int ends_with(const char *text, const char *end) {
    size_t length = strlen(text), wanted = strlen(end);
    return length >= wanted && strcmp(text + length - wanted, end) == 0;
}

static int is_left_out(int descriptor) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) {
        return 0;
    }
    path[length] = '\0';
    int photo = strstr(path, "/photos/.") && ends_with(path, ".jpg.part");
    int folder = ends_with(path, "/photos");
    return (photo && (chosen("photo-fsync") || chosen("both-fsyncs"))) ||
           (folder && (chosen("folder-fsync") || chosen("both-fsyncs")));
}

static int synced(const char *name, int descriptor) {
    if (is_left_out(descriptor)) {
        tell();
        return 0;
    }
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    return real(descriptor);
}

int fsync(int descriptor) { return synced("fsync", descriptor); }

int fdatasync(int descriptor) { return synced("fdatasync", descriptor); }

typedef int prepare_v2(void *, const char *, int, void **, const char **);

int sqlite3_prepare_v2(
    void *database, const char *sql, int bytes, void **statement, const char **tail) {
    /* Python loads SQLite into a scope of its own, where RTLD_NEXT does not look. */
    void *library = dlopen("libsqlite3.so.0", RTLD_LAZY | RTLD_NOLOAD);
    prepare_v2 *real = (prepare_v2 *)dlsym(library, "sqlite3_prepare_v2");
    if (chosen("normal") && strcasecmp(sql, "pragma synchronous = full") == 0) {
        tell();
        return real(database, "pragma synchronous = normal", -1, statement, tail);
    }
    return real(database, sql, bytes, statement, tail);
}
