/* Says lines with RHVoice's Windows library, under wine: for scripts/fit_phones alone.
 *
 *   rhvoice_say DATA_FOLDER < lines
 *
 * A line holds, with tabs between: voice, rate and pitch (1 is as it is), file, text. Each file gets 16-bit
 * samples at 24,000 Hz. The structures are those of RHVoice 1.2 and later.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

typedef struct {
    int (*set_sample_rate)(int, void *);
    int (*play_speech)(const short *, unsigned, void *);
    void *marks[6];
    void (*done)(void *);
} Callbacks;

typedef struct {
    const char *data, *config;
    const char **resources;
    Callbacks callbacks;
    unsigned options;
} Engine;

typedef struct {
    const char *voice;
    double absolute[3], rate, pitch, volume;
    int punctuation;
    const char *marks;
    int capitals, flags;
} Way;

static FILE *out;

static int set_sample_rate(int rate, void *ignored) { return rate == 24000; }
static int play_speech(const short *samples, unsigned count, void *ignored) {
    return fwrite(samples, sizeof *samples, count, out) == count;
}
static void done(void *ignored) {}

int main(int count, char **given) {
    HMODULE library = LoadLibraryA("RHVoice.dll");
    if (count != 2 || !library) return 2;
    void *(*open_engine)(Engine *) = (void *)GetProcAddress(library, "RHVoice_new_tts_engine");
    void *(*new_message)(void *, const char *, unsigned, int, Way *, void *) =
        (void *)GetProcAddress(library, "RHVoice_new_message");
    int (*speak)(void *) = (void *)GetProcAddress(library, "RHVoice_speak");
    void (*forget)(void *) = (void *)GetProcAddress(library, "RHVoice_delete_message");
    Engine setup = {given[1], given[1], NULL, {set_sample_rate, play_speech, {NULL}, done}, 0};
    void *engine = open_engine(&setup);
    char line[4096];
    if (!engine) return 1;
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\r\n")] = 0;
        Way way = {strtok(line, "\t")};
        const char *rate = strtok(NULL, "\t"), *pitch = strtok(NULL, "\t");
        const char *file = strtok(NULL, "\t"), *text = strtok(NULL, "\t");
        if (!text || !(out = fopen(file, "wb"))) return 1;
        way.rate = atof(rate), way.pitch = atof(pitch), way.volume = 1.0;
        void *message = new_message(engine, text, strlen(text), 0, &way, NULL);
        if (message) speak(message), forget(message);
        fclose(out);
    }
    return 0;
}
