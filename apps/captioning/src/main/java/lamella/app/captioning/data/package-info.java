/// Pictures with captions: [lamella.app.captioning.data.CaptionData] says what a data set has to offer.
package lamella.app.captioning.data;
