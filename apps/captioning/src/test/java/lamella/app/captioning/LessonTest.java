package lamella.app.captioning;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.Shape;
import lamella.data.Values;

import org.junit.jupiter.api.Test;

import java.util.stream.IntStream;

class LessonTest {
    /// Three pictures with at most two captions of at most four words; the second has one caption.
    private static final int[] IDS = {
        5, 2, -1, -1, 6, 7, 2, -1, // first
        8, 9, 10, 2, -1, -1, -1, -1, // second
        11, 12, 2, -1, 2, -1, -1, -1 // third
    };

    private static Lesson lesson(int pictures, int captions, int steps, int... ids) {
        return Lesson.of(new Values.Ints(Shape.of(pictures, captions, steps), ids));
    }

    private static int[] said(Lesson lesson, int caption) {
        return IntStream.range(0, lesson.length(caption)).map(step -> lesson.word(caption, step)).toArray();
    }

    @Test
    void putsTheLongestFirstAndLeavesEqualOnesInOrder() {
        Lesson lesson = lesson(3, 2, 4, IDS);
        assertEquals(5, lesson.size());
        assertArrayEquals(new int[] {1, 0, 2, 0, 2}, lesson.pictures());
        assertArrayEquals(new int[] {8, 9, 10, 2}, said(lesson, 0));
        assertArrayEquals(new int[] {6, 7, 2}, said(lesson, 1));
        assertArrayEquals(new int[] {11, 12, 2}, said(lesson, 2));
        assertArrayEquals(new int[] {5, 2}, said(lesson, 3));
        assertArrayEquals(new int[] {2}, said(lesson, 4));
    }

    @Test
    void tellsHowManyHaveAWordAtAStep() {
        Lesson lesson = lesson(3, 2, 4, IDS);
        assertEquals(4, lesson.steps());
        assertArrayEquals(new int[] {5, 4, 3, 1, 0}, IntStream.range(0, 5).map(lesson::active).toArray());
        assertEquals(13, lesson.words());
    }

    @Test
    void aCaptionEndsAtTheFirstMarkOfNone() {
        Lesson lesson = lesson(1, 2, 3, 4, -1, 9, -1, 7, 7);
        assertEquals(1, lesson.size());
        assertArrayEquals(new int[] {4}, said(lesson, 0));
    }

    @Test
    void readsNoMoreOfAnArrayThanItsShape() {
        Lesson lesson = lesson(1, 1, 2, 4, 2, 9, 9);
        assertEquals(1, lesson.size());
        assertArrayEquals(new int[] {4, 2}, said(lesson, 0));
    }

    @Test
    void isEmptyWithoutCaptions() {
        for (Lesson lesson : new Lesson[] {lesson(0, 1, 1), lesson(2, 1, 2, -1, -1, -1, -1)}) {
            assertEquals(0, lesson.size());
            assertEquals(0, lesson.steps());
            assertEquals(0, lesson.words());
            assertEquals(0, lesson.active(0));
        }
    }
}
