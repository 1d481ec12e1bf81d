/// Pictures that show what a net looked at: [lamella.app.captioning.picture.AttentionPicture].
package lamella.app.captioning.picture;
